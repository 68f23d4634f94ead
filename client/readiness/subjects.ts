import * as vscode from 'vscode';
import type { Subject, TreeRow } from '../../server/protocol.ts';
import * as protocol from '../../server/protocol.ts';
import type { Server } from '../languageClient.ts';

/** What a command was called with: a subject, or a row of the device tree that stands for one; else `undefined`. */
export function subjectOf(target: unknown): Subject | undefined {
  if (typeof target !== 'object' || target === null) return undefined;
  return 'kind' in target ? subjectIn(target as Partial<Record<string, unknown>>) : subjectOfRow(target as TreeRow);
}

function subjectIn({ kind, uri, host, address }: Partial<Record<string, unknown>>): Subject | undefined {
  if (kind === 'guest' && typeof uri === 'string') return { kind, uri };
  if (typeof host !== 'string') return undefined;
  if (kind === 'device' && typeof address === 'string') return { kind, host, address };
  return kind === 'host' ? { kind, host } : undefined;
}

function subjectOfRow({ context, host, address, location }: TreeRow): Subject | undefined {
  if (typeof context !== 'string') return undefined;
  if (context.startsWith('host') && host !== undefined) return { kind: 'host', host };
  if (host !== undefined && address !== undefined) return { kind: 'device', host, address };
  return location && isVm(location.uri) ? { kind: 'guest', uri: location.uri } : undefined;
}

/** A copy that only the host's snapshot has carries its path in the query. */
const isVm = (uri: string): boolean => /(?:\/|%2F)qemu-server(?:\/|%2F)[^/%]+\.conf(?:%22%5D)?$/i.test(uri);

/** The VM whose configuration is in front. */
export function subjectInFront(): Subject | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === 'pve-vm-conf' ? { kind: 'guest', uri: document.uri.toString() } : undefined;
}

/** Lets somebody choose among everything that can be checked. */
export async function pickSubject(server: Server): Promise<Subject | undefined> {
  const client = await server.startWithWorkspace();
  const choices = await client.sendRequest(protocol.subjects);
  if (choices.length === 0) {
    void vscode.window.showInformationMessage(nothing);
    return undefined;
  }
  const chosen = await vscode.window.showQuickPick(subjectItems(choices), {
    title: 'Check Passthrough',
    placeHolder: 'A VM, a device or a host',
    matchOnDescription: true,
  });
  return chosen?.subject;
}

const nothing =
  'There is nothing to check yet: open a folder that holds the etc/ of a Proxmox VE host, or add a host to the device tree.';

type SubjectItem = vscode.QuickPickItem & { readonly subject?: Subject };

function subjectItems(choices: readonly protocol.SubjectChoice[]): readonly SubjectItem[] {
  return kinds.flatMap(({ kind, title, icon }) => {
    const items = choices.filter(choice => choice.subject.kind === kind);
    if (items.length === 0) return [];
    return [
      { label: title, kind: vscode.QuickPickItemKind.Separator },
      ...items.map(({ label, description, subject }) => ({ label: `$(${icon}) ${label}`, description, subject })),
    ];
  });
}

const kinds = [
  { kind: 'guest', title: 'VMs', icon: 'vm' },
  { kind: 'device', title: 'Devices', icon: 'circuit-board' },
  { kind: 'host', title: 'Hosts', icon: 'server' },
] as const;
