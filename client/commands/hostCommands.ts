import * as vscode from 'vscode';
import { checkTarget } from '../../host/ssh.ts';
import type { HostStore } from '../hosts/hostStore.ts';
import { addHost, configuredHosts, type Host, removeHost, thisMachine } from '../hosts/hosts.ts';
import type { Refresher } from '../hosts/refresh.ts';
import { sshHostNames } from '../hosts/sshConfig.ts';

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
  const host: Host = { name: name.trim(), destination };
  await addHost(host);
  await refreshWithMates(refresher, [host]);
}

export async function removeHostCommand(store: HostStore, name: string | undefined): Promise<void> {
  const chosen = name ?? (await vscode.window.showQuickPick(configuredHosts().map(host => host.name)));
  if (chosen === undefined) return;
  await removeHost(chosen);
  await store.forget(chosen);
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
async function refreshWithMates(refresher: Refresher, hosts: readonly Host[]): Promise<void> {
  const done = await refresher.refresh(hosts);
  const mates = await refresher.clusterMates(hosts.filter(host => done.includes(host.name)));
  if (mates.length === 0) return;
  const names = mates.map(mate => mate.name).join(', ');
  const yes = 'Add Them';
  const text = `${hosts[0]?.name} is in a cluster with ${names}. Ask them, too?`;
  if ((await vscode.window.showInformationMessage(text, yes, 'No')) !== yes) return;
  for (const mate of mates) await addHost(mate);
  await refresher.refresh(mates);
}

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
  return vscode.window.showInputBox({
    title: 'Add a Proxmox VE host',
    prompt: 'What you would type after ssh',
    placeHolder: 'root@pve1',
    validateInput: text => (text.trim() === '' ? undefined : checkTarget({ destination: text.trim() })),
  });
}
