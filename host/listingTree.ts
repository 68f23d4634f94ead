import { describeDevice, type Facts } from './listingLine.ts';
import { type PciAddress, parsePciAddress } from './pciAddress.ts';

const root = /^\s*[-+\\][-+]*\[[0-9a-f]{4,8}:[0-9a-f]{2}(?:-[0-9a-f]{2})?\]/i;
const branch = /^[\s|]*[+\\]-(?:\[|[0-9a-f]{2}\.[0-7])/i;

/** Whether the line belongs to the tree that `lspci -t` draws. */
export const isTreeLine = (line: string): boolean => root.test(line) || branch.test(line);

interface Bus {
  readonly domain: string;
  readonly bus: string;
}

/** One function of the tree. */
export interface Leaf {
  readonly address: PciAddress;
  readonly facts: Facts;
}

/** Reads the lines of one `lspci -t` tree in order: what a line means depends on the columns of the branches above. */
export class TreeReader {
  /** The bus whose functions hang on the branch in a column; `undefined` on the branch of the root buses. */
  private readonly branches = new Map<number, Bus | undefined>();

  read(line: string): Leaf[] {
    const leaves: { address: PciAddress; facts: Facts }[] = [];
    let at = line.search(/[^\s|]/);
    let bus = this.branches.get(at);
    while (at >= 0 && at < line.length) {
      const character = line[at]!;
      if (character === '+' || character === '\\') this.branches.set(at, bus);
      if (character === '[') {
        const found = /^\[(?:([0-9a-f]{4,8}):)?([0-9a-f]{2})(?:-[0-9a-f]{2})?\]/i.exec(line.slice(at, at + 20));
        if (!found) break;
        const parent = leaves.at(-1);
        if (parent) parent.facts = { ...parent.facts, isBridge: true };
        bus = { domain: found[1] ?? bus?.domain ?? '0000', bus: found[2]! };
        at += found[0].length;
      } else if ('-+\\'.includes(character)) {
        at++;
      } else {
        const leaf = readLeaf(line, at, bus);
        if (!leaf) break;
        leaves.push(leaf);
        at += 4;
        if (line[at] !== '-') break;
      }
    }
    return leaves;
  }
}

/** `01.0  Intel Corporation I210`, or `1c.0-[02]` of which only the first four columns belong to the function. */
function readLeaf(line: string, at: number, bus: Bus | undefined): { address: PciAddress; facts: Facts } | undefined {
  const address = bus && parsePciAddress(`${bus.domain}:${bus.bus}:${line.slice(at, at + 4)}`);
  if (!address) return undefined;
  const name = line[at + 4] === '-' ? '' : line.slice(at + 4).trim();
  return { address, facts: name ? describeDevice(name) : {} };
}
