import * as vscode from 'vscode';

/** The last snapshot of each host and the one before it, kept on this machine so that everything works offline. */
export class HostStore {
  constructor(private readonly folder: vscode.Uri) {}

  /** The names of hosts with a snapshot, sorted. */
  async names(): Promise<readonly string[]> {
    try {
      const entries = await vscode.workspace.fs.readDirectory(this.folder);
      return entries
        .filter(([name]) => name.endsWith(last))
        .map(([name]) => decodeURIComponent(name.slice(0, -last.length)))
        .sort();
    } catch {
      return [];
    }
  }

  text(name: string): Promise<string | undefined> {
    return this.read(name, last);
  }

  previous(name: string): Promise<string | undefined> {
    return this.read(name, before);
  }

  /** Keeps a new snapshot; the one that it replaces becomes the previous one. */
  async keep(name: string, text: string): Promise<void> {
    await vscode.workspace.fs.createDirectory(this.folder);
    if ((await this.text(name)) !== undefined) {
      await vscode.workspace.fs.rename(this.file(name, last), this.file(name, before), { overwrite: true });
    }
    await vscode.workspace.fs.writeFile(this.file(name, last), new TextEncoder().encode(text));
  }

  async forget(name: string): Promise<void> {
    for (const ending of [last, before]) {
      await vscode.workspace.fs.delete(this.file(name, ending)).then(undefined, () => undefined);
    }
  }

  /** The file of a host's last snapshot, for "Open Snapshot". */
  file(name: string, ending: string = last): vscode.Uri {
    return vscode.Uri.joinPath(this.folder, `${encodeURIComponent(name)}${ending}`);
  }

  previousFile(name: string): vscode.Uri {
    return this.file(name, before);
  }

  private async read(name: string, ending: string): Promise<string | undefined> {
    try {
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(this.file(name, ending)));
    } catch {
      return undefined;
    }
  }
}

const last = '.snapshot';
const before = '.previous';
