import { type OptionSchema, own, type SubSchemas } from '../vmConf/schema.ts';
import type { MappingKind } from './config.ts';

/** A property of a section. The reader stores a list for `map` and the first value for the others. */
export interface MappingProperty extends OptionSchema {
  /** Without it the whole section is dropped. */
  readonly required?: true;
  readonly repeatable?: true;
}

export interface MappingSchema {
  readonly properties: Readonly<Record<string, MappingProperty>>;
  /** What several `map` lines for one node mean: another device to try, or a start that fails. */
  readonly severalPerNode: 'alternatives' | 'error';
}

const hexId = '^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}$';
// The dot of the reader's own pattern is any character; what that lets through is the business of a rule.
const pciPath =
  '^(?:[a-f0-9]{4,}:[a-f0-9]{2}:[a-f0-9]{2}(?:.[a-f0-9])?;)*[a-f0-9]{4,}:[a-f0-9]{2}:[a-f0-9]{2}(?:.[a-f0-9])?$';
const node = { type: 'string', format: 'pve-node', required: true } as const;
const description = { type: 'string', maxLength: 4096 } as const;
const flag = { type: 'boolean', default: false } as const;

const map = (properties: SubSchemas): MappingProperty => ({
  type: 'string',
  required: true,
  repeatable: true,
  properties,
});

/** Source: pve-guest-common 6.0.2, PVE/Mapping/PCI.pm, USB.pm, Dir.pm; pve-common 9.2.1, PVE/JSONSchema.pm. */
export const mappingSchemas: Readonly<Record<MappingKind, MappingSchema>> = {
  pci: {
    properties: {
      description,
      'live-migration-capable': flag,
      mdev: flag,
      map: map({
        node,
        path: { type: 'string', pattern: pciPath, required: true },
        id: { type: 'string', pattern: hexId, required: true },
        'subsystem-id': { type: 'string', pattern: hexId },
        iommugroup: { type: 'integer' },
        description,
      }),
    },
    severalPerNode: 'alternatives',
  },
  usb: {
    properties: {
      description,
      map: map({
        node,
        id: { type: 'string', pattern: hexId, required: true },
        path: { type: 'string', pattern: '^[0-9]+-[0-9]+(?:\\.[0-9]+)*$' },
        description,
      }),
    },
    severalPerNode: 'error',
  },
  dir: {
    properties: {
      description,
      map: map({ node, path: { type: 'string', format: 'pve-storage-path-in-property-string', required: true } }),
    },
    severalPerNode: 'error',
  },
};

/** What a key of a section means; `undefined` for one that the reader refuses. */
export const propertySchema = (kind: MappingKind, key: string): MappingProperty | undefined =>
  own(mappingSchemas[kind].properties, key);
