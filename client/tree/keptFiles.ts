import * as vscode from 'vscode';
import { parseSnapshot } from '../../host/snapshot.ts';
import type { HostStore } from '../hosts/hostStore.ts';

/**
 * Shows a host's own copy of a configuration file, as its snapshot has it, to read. Its URI carries the URI of the
 * snapshot and the path on the host.
 */
export const registerKeptFiles = (store: HostStore): vscode.Disposable =>
  vscode.workspace.registerTextDocumentContentProvider('hostpci-file', {
    async provideTextDocumentContent(uri) {
      const [snapshot, path] = readQuery(uri.query);
      if (snapshot === undefined || path === undefined) return undefined;
      const text = await snapshotText(store, snapshot);
      return text === undefined ? undefined : parseSnapshot(text).files.get(path)?.text;
    },
  });

function readQuery(query: string): readonly (string | undefined)[] {
  try {
    const sent: unknown = JSON.parse(query);
    return Array.isArray(sent) ? sent.map(one => (typeof one === 'string' ? one : undefined)) : [];
  } catch {
    return [];
  }
}

async function snapshotText(store: HostStore, snapshot: string): Promise<string | undefined> {
  const name = /^hostpci-host:\/(.*)$/.exec(snapshot)?.[1];
  if (name !== undefined) return store.text(decodeURIComponent(name));
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.parse(snapshot)));
  } catch {
    return undefined;
  }
}
