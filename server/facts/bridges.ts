import type { Inventory, PciFunction } from '../../host/inventory.ts';
import type { SourceFile } from '../languages/language.ts';
import { inventoryOf, type World } from '../workspace/world.ts';
import { functionOfInterface } from './interfaces.ts';

const path = '/etc/network/interfaces';

/** A bridge without any port, where the host's files give it one that the host does not have. */
export interface LostPort {
  /** The name in /etc/network/interfaces. */
  readonly port: string;
  /** Network cards whose names those files do not have, one of which it is now, and how they are called. */
  readonly strangers: readonly { readonly fn: PciFunction; readonly name: string }[];
}

/**
 * Why a bridge has no port. `undefined` where it has one, where the files or the host's interfaces are not known, and where
 * no network card is there that could be the missing one: a port that is gone for good, or comes and goes, is no puzzle.
 */
export function lostPortOf(inventory: Inventory, bridge: string): LostPort | undefined {
  const text = inventory.files.get(path)?.text;
  const isBare = inventory.bridges?.some(one => one.name === bridge && one.ports.length === 0);
  if (text === undefined || !isBare || !inventory.complete) return undefined;
  const stanzas = readStanzas(text);
  const ports = (stanzas.get(bridge)?.ports ?? []).flatMap(
    port => stanzas.get(port)?.slaves ?? [port.split('.')[0] ?? port],
  );
  const port = ports.find(one => /^e(?:n|th)[a-z0-9]+$/.test(one));
  if (port === undefined || ports.some(one => functionOfInterface(inventory, one))) return undefined;
  const named = new Set(
    [...inventory.files].flatMap(([at, file]) => (at.startsWith(path) ? file.text.split(/\s+/) : [])),
  );
  const strangers = inventory.functions
    .filter(fn => fn.classId?.startsWith('02') && !fn.physicalFunction)
    .flatMap(fn =>
      (fn.interfaces ?? []).filter(name => /^e/.test(name) && !named.has(name)).map(name => ({ fn, name })),
    );
  return strangers.length > 0 ? { port, strangers } : undefined;
}

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
  /** Of a bond: its interfaces. */
  readonly slaves?: readonly string[];
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
    else if (/^bond[-_]slaves$/.test(words[0] ?? '')) stanzas.set(name, { ...known, slaves: words.slice(1) });
    else if (words[0] === 'mtu' && /^[0-9]+$/.test(words[1] ?? ''))
      stanzas.set(name, { ...known, mtu: Number(words[1]) });
  }
  return stanzas;
}
