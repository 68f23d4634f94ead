import * as vscode from 'vscode';
import {
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  TransportKind,
} from 'vscode-languageclient/node';
import * as protocol from '../server/protocol.ts';

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
}

export function createServer(
  context: vscode.ExtensionContext,
  onStarted: (client: LanguageClient) => Promise<void>,
): Server {
  let running: Promise<LanguageClient> | undefined;
  return {
    start() {
      running ??= startClient(context).then(async client => {
        await onStarted(client);
        return client;
      });
      return running;
    },
    async dispose() {
      await (await running)?.dispose();
    },
  };
}

async function startClient(context: vscode.ExtensionContext): Promise<LanguageClient> {
  const module = vscode.Uri.joinPath(context.extensionUri, 'dist', 'server.cjs').fsPath;
  const run = { module, transport: TransportKind.ipc };
  const server: ServerOptions = { run, debug: { ...run, options: { execArgv: ['--nolazy', '--inspect=6009'] } } };
  const options: LanguageClientOptions = {
    documentSelector: selector.map(filter => ({ ...filter }) as { language: string }),
    initializationOptions: vscode.workspace.getConfiguration('hostpci'),
    synchronize: { configurationSection: 'hostpci' },
    outputChannelName: 'hostpci',
  };
  const client = new LanguageClient('hostpci', 'hostpci', server, options);
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
