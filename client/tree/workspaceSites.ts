import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import * as protocol from '../../server/protocol.ts';

/** What a workspace has of hosts. */
export interface WorkspaceSites {
  /** Directories that hold an `etc/`, as URIs. */
  readonly roots: readonly string[];
  readonly snapshots: readonly vscode.Uri[];
}

/** Gives the server the snapshots of the workspace, and says where the files of hosts are. */
export async function tellWorkspace(client: LanguageClient): Promise<void> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const { roots, snapshots } = await findSites(folders.map(folder => folder.uri));
  const textOf = async (uri: vscode.Uri): Promise<string> =>
    new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  for (const { uri, previous } of inPairs(snapshots)) {
    const previousText = previous && (await textOf(previous));
    await client.sendNotification(protocol.snapshot, { uri: uri.toString(), text: await textOf(uri), previousText });
  }
  await client.sendNotification(protocol.sites, { roots });
}

/** How deep below a folder of the workspace is looked, and into how many directories at most. */
const deepest = 5;
const mostDirectories = 2000;

/**
 * Finds the sites and snapshots of the workspace. What lies below an `etc/` is not looked at, nor hidden directories and
 * `node_modules`: the root of a host may be open as well as a repository with the files of many hosts.
 */
export async function findSites(folders: readonly vscode.Uri[]): Promise<WorkspaceSites> {
  const roots = new Set<string>();
  const snapshots: vscode.Uri[] = [];
  const waiting = folders.map(uri => ({ uri, depth: 0 }));
  for (let visited = 0; visited < mostDirectories; visited++) {
    const next = waiting.shift();
    if (!next) break;
    const inside = /^(.*?)\/etc(?:\/|$)/.exec(next.uri.toString());
    if (inside) {
      roots.add(inside[1] ?? '');
      continue;
    }
    const { directories, files } = await entriesOf(next.uri);
    snapshots.push(...files.filter(name => name.endsWith('.snapshot')).map(name => below(next.uri, name)));
    if (directories.includes('etc')) roots.add(next.uri.toString().replace(/\/$/, ''));
    else if (next.depth < deepest) {
      const wanted = directories.filter(name => !name.startsWith('.') && name !== 'node_modules');
      waiting.push(...wanted.map(name => ({ uri: below(next.uri, name), depth: next.depth + 1 })));
    }
  }
  return { roots: [...roots], snapshots };
}

/** Each snapshot with the one to compare it with, which is called `pve1.previous.snapshot` beside `pve1.snapshot`. */
const inPairs = (
  snapshots: readonly vscode.Uri[],
): readonly { readonly uri: vscode.Uri; readonly previous: vscode.Uri | undefined }[] =>
  snapshots
    .filter(uri => !uri.path.endsWith(earlier))
    .map(uri => ({ uri, previous: snapshots.find(one => one.path === uri.path.replace(/\.snapshot$/, earlier)) }));

const earlier = '.previous.snapshot';

const below = (uri: vscode.Uri, name: string): vscode.Uri => vscode.Uri.joinPath(uri, name);

async function entriesOf(uri: vscode.Uri): Promise<{ directories: readonly string[]; files: readonly string[] }> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(uri);
    const named = (kind: vscode.FileType): readonly string[] =>
      entries.filter(([, type]) => type === kind).map(([name]) => name);
    return { directories: named(vscode.FileType.Directory), files: named(vscode.FileType.File) };
  } catch {
    return { directories: [], files: [] };
  }
}
