import * as vscode from 'vscode';
import type { Mate } from '../../host/cluster.ts';
import { sshHostNames } from '../../host/sshConfig.ts';
import { checkTarget, type NamedTarget, thisMachine } from '../../host/target.ts';
import { addHosts, configuredHosts, removeHost } from '../hosts/hosts.ts';
import type { Refresher } from '../hosts/refresh.ts';

/** "Add Host…": a name of `~/.ssh/config`, anything that ssh takes, or this machine; then it is asked at once. */
export async function addHostCommand(refresher: Refresher): Promise<void> {
  const destination = await pickDestination();
  if (destination === undefined) return;
  const name = await vscode.window.showInputBox({
    title: 'Name of the host',
    prompt: "As in /etc/pve/nodes, so that its files and its devices are matched: usually the host's own name.",
    value: destination === thisMachine ? 'local' : destination.replace(/^[^@]*@/, '').replace(/\..*$/, ''),
    validateInput: text => (text.trim() === '' ? 'A host needs a name.' : undefined),
  });
  if (name === undefined) return;
  const host: NamedTarget = { name: name.trim(), destination };
  await addHosts([host]);
  const done = await refresher.refresh([host]);
  if (done.length > 0) await offerMates(refresher, host);
}

export async function removeHostCommand(refresher: Refresher, name: string | undefined): Promise<void> {
  const chosen = await pickHost(name);
  if (chosen === undefined) return;
  await removeHost(chosen);
  await refresher.forget(chosen);
}

/** "Changes Seen": what changed until now is not shown any more. */
export async function acceptChangesCommand(refresher: Refresher, name: string | undefined): Promise<void> {
  const chosen = await pickHost(name);
  if (chosen !== undefined) await refresher.acceptChanges(chosen);
}

/** Asks all configured hosts, or one of them. */
export async function refreshHosts(refresher: Refresher, name?: string): Promise<void> {
  const hosts = configuredHosts().filter(host => name === undefined || host.name === name);
  if (hosts.length === 0) {
    const add = 'Add Host…';
    const text = name === undefined ? 'No host is configured yet.' : `${name} is not among the configured hosts.`;
    if ((await vscode.window.showInformationMessage(text, add)) === add) await addHostCommand(refresher);
    return;
  }
  await refresher.refresh(hosts);
}

/** One node of a cluster knows the others; they are asked too when the user wants it. */
async function offerMates(refresher: Refresher, host: NamedTarget): Promise<void> {
  const mates = await refresher.matesOf(host);
  if (mates.length === 0) return;
  const names = mates.map(mate => mate.name).join(', ');
  const yes = 'Add Them';
  const text = `${host.name} is in a cluster with ${names}. Ask them, too?`;
  if ((await vscode.window.showInformationMessage(text, yes, 'No')) !== yes) return;
  const reached = await refresher.refreshMates(mates);
  await addHosts(mates.map(mate => reached.find(way => way.name === mate.name) ?? directWay(mate)));
}

/** A node that did not answer now may do so later. */
const directWay = ({ name, ways }: Mate): NamedTarget => ways[0] ?? { name, destination: name };

const pickHost = async (name: string | undefined): Promise<string | undefined> =>
  name ?? vscode.window.showQuickPick(configuredHosts().map(host => host.name));

async function pickDestination(): Promise<string | undefined> {
  const names = await sshHostNames();
  const other = { label: '$(edit) Another…', description: 'what you would type after ssh', destination: '' };
  const local = {
    label: '$(vm) This machine',
    description: 'when the editor runs on the host itself',
    destination: thisMachine,
  };
  const items = [
    ...names.map(name => ({ label: `$(server) ${name}`, description: '~/.ssh/config', destination: name })),
    other,
    ...(process.platform === 'linux' ? [local] : []),
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: 'Add a Proxmox VE host' });
  if (chosen !== other) return chosen?.destination;
  const typed = await vscode.window.showInputBox({
    title: 'Add a Proxmox VE host',
    prompt: 'What you would type after ssh',
    placeHolder: 'root@pve1',
    validateInput: text => (text.trim() === '' ? undefined : checkTarget({ destination: text.trim() })),
  });
  return typed?.trim() || undefined;
}
