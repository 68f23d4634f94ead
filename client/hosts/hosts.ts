import * as vscode from 'vscode';

/** A host as the setting `hostpci.hosts` has it. */
export interface Host {
  /** What the tree calls it, and the name its snapshot is kept under. */
  readonly name: string;
  /** What one would write after `ssh`; `local` is the machine that the extension runs on. */
  readonly destination: string;
  readonly port?: number;
  readonly jump?: string;
}

export const thisMachine = 'local';

/**
 * The configured hosts. Only the user's and the machine's settings are read: a workspace must not be able to make an
 * editor connect to a host of its choosing.
 */
export function configuredHosts(): readonly Host[] {
  const found = vscode.workspace.getConfiguration('hostpci').inspect<unknown>('hosts');
  const value = found?.globalValue;
  return Array.isArray(value) ? value.filter(isHost) : [];
}

export async function addHost(host: Host): Promise<void> {
  await saveHosts([...configuredHosts().filter(known => known.name !== host.name), host]);
}

export async function removeHost(name: string): Promise<void> {
  await saveHosts(configuredHosts().filter(known => known.name !== name));
}

const saveHosts = (hosts: readonly Host[]): Thenable<void> =>
  vscode.workspace.getConfiguration('hostpci').update('hosts', hosts, vscode.ConfigurationTarget.Global);

function isHost(value: unknown): value is Host {
  const host = value as Partial<Host> | null;
  return (
    typeof host === 'object' &&
    host !== null &&
    typeof host.name === 'string' &&
    host.name !== '' &&
    typeof host.destination === 'string' &&
    (host.port === undefined || typeof host.port === 'number') &&
    (host.jump === undefined || typeof host.jump === 'string')
  );
}
