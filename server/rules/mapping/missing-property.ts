import { inventoryOfNode } from '../../facts/nodeInventory.ts';
import type { SourceFile } from '../../languages/language.ts';
import { kindOf, mapEntries, partOf } from '../../languages/pciMapping/config.ts';
import { changeProperties, comparedFunction, functionsLike, identityOf } from '../../languages/pciMapping/identity.ts';
import { pciMapping } from '../../languages/pciMapping/pciMapping.ts';
import { type Problem, problemsWith } from '../../languages/pciMapping/read.ts';
import type { SectionConfig } from '../../syntax/sectionConfig.ts';
import { tokenSpan } from '../../text/span.ts';
import type { World } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import type { Fix, Rule } from '../rule.ts';

export const missingProperty: Rule<SectionConfig> = {
  id: 'mapping/missing-property',
  severity: 'error',
  language: pciMapping,
  docs: {
    what: 'A `map` line lacks a sub-property that it must have: `node`, and `path` and `id` for a PCI device, `id` for a USB device, `path` for a directory.',
    why: 'Proxmox refuses the whole line: the mapping then means nothing on that node.',
    source: 'pve-guest-common 6.0.2, PVE/Mapping/PCI.pm, USB.pm, Dir.pm; pve-common, PVE/JSONSchema.pm check_object',
  },
  examples: [
    {
      bad: 'gpu\n\tmap «node=pve1,path=0000:01:00.0»\n',
      fixed: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
      good: 'gpu\n\tmap node=pve1,path=0000:01:00.0,id=10de:2584\n',
      host: true,
    },
    {
      path: 'etc/pve/mapping/directory.cfg',
      bad: 'media\n\tmap «path=/srv/media»\n',
      good: 'media\n\tmap node=pve1,path=/srv/media\n',
    },
  ],
  *check(file, world) {
    for (const problem of problemsWith(file.tree, kindOf(file), 'sub-missing')) {
      yield {
        span: tokenSpan(problem.line, problem.token),
        message: `This line has no ${problem.sub}=, which a map line in this file must have: Proxmox refuses it.`,
        fixes: fixesOf(file, world, problem),
      };
    }
  },
};

/** Takes the id from the device at `path=`, or the path from the only device with the id. */
function fixesOf(file: SourceFile<SectionConfig>, world: World, { line, section, sub }: Problem): readonly Fix[] {
  const entry = section && [...mapEntries(file.tree, section)].find(one => one.line === line);
  const node = entry && partOf(entry, 'node')?.value.text;
  const inventory = node === undefined ? undefined : inventoryOfNode(world, file, node);
  if (!entry || !inventory || kindOf(file) !== 'pci') return [];
  const path = partOf(entry, 'path')?.value.text.split(';')[0];
  const there = path === undefined ? undefined : comparedFunction(inventory, path);
  const alike = functionsLike(inventory, entry);
  const text = sub === 'id' ? there && identityOf(there).id : alike.length === 1 ? alike[0]?.address : undefined;
  if (!text || (sub !== 'id' && sub !== 'path')) return [];
  return [fixIn(file, `Add ${sub}=${text}`, ...changeProperties(entry, { [sub]: text }))];
}
