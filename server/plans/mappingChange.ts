import { surroundingsOf } from '../facts/surroundings.ts';
import { mapEntries, partOf, pathItems } from '../languages/pciMapping/config.ts';
import { pciMapping } from '../languages/pciMapping/pciMapping.ts';
import type { ConfigSection, SectionConfig } from '../syntax/sectionConfig.ts';
import { applyEdits } from '../text/edit.ts';
import type { Lines } from '../text/lines.ts';
import { wholeCards } from '../values/wholeCards.ts';
import { changeIn, editBetween, noLibrary } from './change.ts';
import { fileAt } from './ground.ts';
import type { Change, Refusal } from './plan.ts';
import type { Request } from './request.ts';

/**
 * The mapping of a wish: made, or given the device on this node. Refused where its name cannot be one, or where the mapping
 * stands for another device of the node: a VM would get whichever is free.
 */
export function mappingChange(request: Request): Change | Refusal | undefined {
  const { wish, ground, functions } = request;
  const { mapping: name } = wish;
  const { node } = ground.inventory;
  const addresses = functions.map(fn => fn.address);
  const devices = wholeCards(addresses, ground.inventory);
  const [device] = devices;
  if (name === undefined || device === undefined) return undefined;
  if (!/^[A-Za-z][A-Za-z0-9_-]{1,}$/.test(name))
    return {
      refused: [`${JSON.stringify(name)} can be no mapping's name: it takes a letter, then letters, digits, - and _.`],
    };
  if (node === undefined) return { refused: ['A mapping names its node, and that of this host is not known.'] };
  if (devices.length > 1)
    return {
      refused: [
        `A mapping stands for one device, and ${devices.join(', ')} are ${devices.length}: a VM would get one of them.`,
      ],
    };
  const file = fileAt(ground, pciMapping, '/etc/pve/mapping/pci.cfg');
  const section = file.tree.sections.find(({ id }) => id.text === name);
  const here = section ? pathsOn(file.tree, section, node) : [];
  if (here.length === 1 && here[0] === device) return undefined;
  if (here.length > 0)
    return {
      refused: [`The mapping ${name} stands for ${here.join(', ')} on ${node} already, and not for ${device}.`],
    };
  const after = withDevice(
    request,
    section ? file.lines : withSection(file.lines, name, isMediated(request)),
    name,
    addresses,
  );
  const edits = editBetween(file.lines, after);
  return changeIn(file, {
    label: section ? `Let the mapping ${name} stand for ${device} on ${node}` : `Make a mapping ${name} for ${device}`,
    why: 'A VM with a mapping refuses to start with another device than the one that is meant, and can be migrated offline.',
    edits,
  });
}

/** Proxmox compares the flag with what the device can do. */
const isMediated = ({ functions }: Request): boolean => functions.some(fn => (fn.mdevTypes?.length ?? 0) > 0);

function pathsOn(tree: SectionConfig, section: ConfigSection, node: string): readonly string[] {
  return [...mapEntries(tree, section)]
    .filter(entry => partOf(entry, 'node')?.value.text === node)
    .flatMap(entry => {
      const path = partOf(entry, 'path')?.value;
      return path ? pathItems(path).map(({ text }) => text) : [];
    });
}

/** A header behind an empty line: what follows another line directly is part of the section before. */
function withSection(lines: Lines, name: string, isMdev: boolean): Lines {
  let end = lines.length;
  while (end > 0 && (lines[end - 1] ?? '').trim() === '') end--;
  const flag = isMdev ? ['\tmdev 1'] : [];
  return [...lines.slice(0, end), ...(end > 0 ? [''] : []), name, ...flag, ''];
}

/** The `map` line comes from the language, which knows how a device is told. */
function withDevice({ ground }: Request, lines: Lines, name: string, addresses: readonly string[]): Lines {
  const file = fileAt(ground, pciMapping, '/etc/pve/mapping/pci.cfg');
  const draft = { ...file, lines, tree: pciMapping.parse(lines) };
  const section = draft.tree.sections.find(({ id }) => id.text === name);
  const at = { line: section?.header ?? 0, column: 0 };
  const around = surroundingsOf(ground.world, file, noLibrary);
  return applyEdits(lines, pciMapping.takeDevices?.(draft, at, addresses, around) ?? []);
}

/** Names of the mappings that stand for a device on a node and for nothing else there. */
export const mappingsFor = (tree: SectionConfig, node: string, device: string): readonly string[] =>
  tree.sections
    .filter(section => {
      const paths = pathsOn(tree, section, node);
      return paths.length === 1 && paths[0] === device;
    })
    .map(({ id }) => id.text);
