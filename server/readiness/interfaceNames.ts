import { lostPortOf } from '../facts/bridges.ts';
import { named } from '../rules/deviceRule.ts';
import { fact } from './evidence.ts';
import type { Scene } from './scene.ts';
import { type Draft, notAsked, passed, skipped, unknown, warning } from './step.ts';

const path = '/etc/network/interfaces';

/**
 * The names in /etc/network/interfaces contain bus numbers: a card more or less moves them, and the bridge loses its port.
 */
export function interfaceNames({ inventory }: Scene): Draft {
  if (!inventory) return notAsked();
  const { bridges, files } = inventory;
  if (bridges === undefined || !files.has(path))
    return unknown(
      bridges === undefined ? 'The bridges of the host are not known.' : `${path} is not known.`,
      `After a card was added or taken out, compare "ip -br link" with ${path}.`,
    );
  const lost = bridges.flatMap(({ name }) => {
    const port = lostPortOf(inventory, name);
    return port ? [{ name, ...port }] : [];
  });
  if (lost.length > 0)
    return warning(
      lost.map(({ name, port, strangers }) => {
        const now = strangers.map(one => `${one.name} at ${named(one.fn)}`).join(', ');
        return fact(`${name} has no port: ${path} gives it ${port}, which is not there. It does not name ${now}.`);
      }),
      'Write the new name there; "pve-network-interface-pinning" (Proxmox VE 9) or a .link file keeps it.',
    );
  if (bridges.length === 0) return skipped('The host has no bridge.');
  return passed(
    ...bridges.map(({ name, ports }) => fact(`${name}: ${ports.join(', ') || 'no port, and none is missed'}`)),
  );
}
