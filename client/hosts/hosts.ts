import * as vscode from 'vscode';
import type { NamedTarget } from '../../host/target.ts';

/**
 * The configured hosts (setting `hostpci.hosts`). Only the user's and the machine's settings are read: a workspace must
 * not be able to make an editor connect to a host of its choosing.
 */
export function configuredHosts(): readonly NamedTarget[] {
  const found = vscode.workspace.getConfiguration('hostpci').inspect<unknown>('hosts');
  const value = found?.globalValue;
  return Array.isArray(value) ? value.filter(isHost) : [];
}

/** Adds hosts; one of the same name is replaced. */
export async function addHosts(hosts: readonly NamedTarget[]): Promise<void> {
  const names = new Set(hosts.map(host => host.name));
  await saveHosts([...configuredHosts().filter(known => !names.has(known.name)), ...hosts]);
}

export async function removeHost(name: string): Promise<void> {
  await saveHosts(configuredHosts().filter(known => known.name !== name));
}

const saveHosts = (hosts: readonly NamedTarget[]): Thenable<void> =>
  vscode.workspace.getConfiguration('hostpci').update('hosts', hosts, vscode.ConfigurationTarget.Global);

function isHost(value: unknown): value is NamedTarget {
  const host = value as Partial<NamedTarget> | null;
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
