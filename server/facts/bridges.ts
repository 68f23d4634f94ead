import type { SourceFile } from '../languages/language.ts';
import { inventoryOf, type World } from '../workspace/world.ts';

const path = '/etc/network/interfaces';

/**
 * The MTU of a bridge by the host's /etc/network/interfaces: its own, else the kernel's 1500. `undefined` where the file
 * is not known, does not have the bridge (SDN, interfaces.d), or where a port has an MTU that the bridge may take over.
 */
export function bridgeMtu(world: World, file: SourceFile, bridge: string): number | undefined {
  const text = inventoryOf(world, file)?.files.get(path)?.text;
  if (text === undefined) return undefined;
  const stanzas = readStanzas(text);
  const own = stanzas.get(bridge);
  if (!own) return undefined;
  if (own.mtu !== undefined) return own.mtu;
  const ports = own.ports.map(port => stanzas.get(port)?.mtu).filter(mtu => mtu !== undefined);
  return ports.length > 0 ? undefined : 1500;
}

interface Stanza {
  readonly ports: readonly string[];
  readonly mtu: number | undefined;
}

/** `iface NAME …` blocks; of a name that has several, what any of them says. */
function readStanzas(text: string): ReadonlyMap<string, Stanza> {
  const stanzas = new Map<string, Stanza>();
  let name: string | undefined;
  for (const line of text.split('\n')) {
    const words = line.trim().split(/[ \t]+/);
    if (words[0] === 'iface' && words[1] !== undefined) {
      name = words[1];
      if (!stanzas.has(name)) stanzas.set(name, { ports: [], mtu: undefined });
    } else if (/^(?:auto|allow-.*|source.*|mapping)$/.test(words[0] ?? '')) name = undefined;
    const known = name === undefined ? undefined : stanzas.get(name);
    if (name === undefined || !known) continue;
    if (/^bridge[-_]ports$/.test(words[0] ?? '')) stanzas.set(name, { ...known, ports: words.slice(1) });
    else if (words[0] === 'mtu' && /^[0-9]+$/.test(words[1] ?? ''))
      stanzas.set(name, { ...known, mtu: Number(words[1]) });
  }
  return stanzas;
}
