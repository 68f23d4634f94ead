import * as vscode from 'vscode';
import type { LanguageClient, LanguageClientOptions, ServerOptions } from 'vscode-languageclient/node';
import * as protocol from '../server/protocol.ts';
import { tellWorkspace } from './tree/workspaceSites.ts';

/** Languages of ours, by the ids in package.json. GRUB's files stay shell scripts and are known by their path. */
const languageIds = [
  'pve-vm-conf',
  'pve-ct-conf',
  'modprobe',
  'modules',
  'kernel-cmdline',
  'sysfs-conf',
  'pve-mapping',
  'pve-storage',
  'pve-cpu-models',
];
const shellPatterns = ['**/etc/default/grub', '**/etc/default/grub.d/*.cfg'];

export const selector: vscode.DocumentFilter[] = [
  ...languageIds.map(language => ({ language })),
  ...shellPatterns.map(pattern => ({ pattern })),
];

/** True for documents that the server answers for. */
export const handles = (document: vscode.TextDocument): boolean => vscode.languages.match(selector, document) > 0;

/** The language server, started at most once. */
export interface Server extends vscode.Disposable {
  /** Starts it if it is not running yet; the same promise for everybody. */
  start(): Promise<LanguageClient>;
  /** Starts it and tells it, once, what the workspace holds of hosts: the server itself reads what is beside open files. */
  startWithWorkspace(): Promise<LanguageClient>;
  /** What is shown of hosts and files may have changed. */
  readonly onDidChange: vscode.Event<void>;
}

export function createServer(
  context: vscode.ExtensionContext,
  onStarted: (client: LanguageClient) => Promise<void>,
): Server {
  const changed = new vscode.EventEmitter<void>();
  let running: Promise<LanguageClient> | undefined;
  let told: Promise<void> | undefined;
  const start = (): Promise<LanguageClient> => {
    running ??= startClient(context, () => changed.fire()).then(async client => {
      await onStarted(client);
      return client;
    });
    return running;
  };
  return {
    start,
    async startWithWorkspace() {
      const client = await start();
      told ??= tellWorkspace(client);
      await told;
      return client;
    },
    onDidChange: changed.event,
    async dispose() {
      changed.dispose();
      await (await running)?.dispose();
    },
  };
}

async function startClient(context: vscode.ExtensionContext, onChange: () => void): Promise<LanguageClient> {
  // Most of our code is this library's; who opens no file of ours does not wait for it.
  const { LanguageClient, TransportKind } = await import('vscode-languageclient/node');
  const module = vscode.Uri.joinPath(context.extensionUri, 'dist', 'server.cjs').fsPath;
  // Where Node can, it keeps the compiled code of the server; elsewhere the variable does nothing.
  const env = { NODE_COMPILE_CACHE: vscode.Uri.joinPath(context.globalStorageUri, 'compiled').fsPath };
  const run = { module, transport: TransportKind.ipc, options: { env } };
  const debug = { ...run, options: { env, execArgv: ['--nolazy', '--inspect=6009'] } };
  const server: ServerOptions = { run, debug };
  const options: LanguageClientOptions = {
    documentSelector: selector.map(filter => ({ ...filter }) as { language: string }),
    initializationOptions: vscode.workspace.getConfiguration('hostpci'),
    synchronize: { configurationSection: 'hostpci' },
    outputChannelName: 'hostpci',
  };
  const client = new LanguageClient('hostpci', 'hostpci', server, options);
  client.onNotification(protocol.deviceTreeChanged, onChange);
  client.onRequest(protocol.readFile, ({ uri }) => readText(vscode.Uri.parse(uri)));
  client.onRequest(protocol.listDirectory, ({ uri }) => listNames(vscode.Uri.parse(uri)));
  await client.start();
  return client;
}

/** The server asks for what it cannot reach: files of another scheme. */
async function readText(uri: vscode.Uri): Promise<string | null> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return null;
  }
}

async function listNames(uri: vscode.Uri): Promise<readonly string[]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(uri);
    return entries.map(([name, type]) => (type & vscode.FileType.Directory ? `${name}/` : name)).sort();
  } catch {
    return [];
  }
}
