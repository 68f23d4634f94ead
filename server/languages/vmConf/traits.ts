import { propertiesOf } from './readProperties.ts';
import { type OptionSchema, optionOf } from './schema.ts';
import { schemaTable } from './schemaTable.generated.ts';
import { perBody, perLine, perTree, type Section, type VmConf, type VmLine } from './tree.ts';

/**
 * Something that a line can have: an option (`args`), a member of a family (`hostpciN`), or a sub-property of one by its
 * stored name (`cpu.hidden`, `hostpciN.mdev`). It is the number of a bit.
 */
export type Trait = number & { readonly isTrait: true };

/** The trait of a name. A name that the schema does not have is a slip of the caller's, and an error. */
export function traitNamed(name: string): Trait {
  const trait = traits.get(name);
  if (trait === undefined) throw new Error(`the schema of VMs has no ${name}`);
  return trait;
}

/**
 * True where a line of the main section or of `[PENDING]` has one of these, whether it is in force or not. Where it is
 * false, no settings of the file have any of them.
 */
export function hasOneOf(file: { readonly tree: VmConf }, wanted: readonly Trait[]): boolean {
  const bits = bitsOf(file.tree);
  for (const trait of wanted) if (((bits[trait >> 5] ?? 0) & (1 << (trait & 31))) !== 0) return true;
  return false;
}

/** All options and families as they are written here, each with its schema. */
const places: readonly (readonly [string, OptionSchema])[] = [
  ...Object.entries(schemaTable.options),
  ...Object.entries(schemaTable.families).map(([name, schema]) => [`${name}N`, schema] as const),
];

const traits: ReadonlyMap<string, Trait> = new Map(
  places
    .flatMap(([name, schema]) => [name, ...storedSubs(schema).map(sub => `${name}.${sub}`)])
    .map((name, index) => [name, index as Trait]),
);

function storedSubs({ properties = {} }: OptionSchema): readonly string[] {
  const subs = Object.entries(properties);
  return subs.filter(([, { alias }]) => alias === undefined).map(([name]) => name);
}

const bitsOf = perTree((tree): readonly number[] => {
  const judged = tree.sections.filter(({ kind }) => kind === 'main' || kind === 'pending');
  return judged.length === 1 ? bitsOfBody(judged[0] as Section) : union(judged.map(bitsOfBody));
});

const bitsOfBody = perBody(({ body }): readonly number[] => {
  const bits = emptyBits();
  for (const node of body) {
    const own = traitsOf(node);
    for (let at = 0; at < own.length; at++) setBit(bits, own[at] as Trait);
  }
  return bits;
});

function setBit(bits: number[], trait: Trait): void {
  bits[trait >> 5] = (bits[trait >> 5] as number) | (1 << (trait & 31));
}

function union(all: readonly (readonly number[])[]): readonly number[] {
  const bits = emptyBits();
  for (const one of all) for (let at = 0; at < bits.length; at++) bits[at] = (bits[at] as number) | (one[at] as number);
  return bits;
}

const emptyBits = (): number[] => new Array(Math.ceil(traits.size / 32)).fill(0);

const traitsOf = perLine((node: VmLine): readonly Trait[] => {
  const option = node.kind === 'entry' || node.kind === 'args' ? optionOf(node.key.text) : undefined;
  const known = option && traitsBySchema.get(option.schema);
  if (!known) return none;
  if (!option.schema.properties) return known.own;
  const own = [...known.own];
  for (const name of propertiesOf(node, option.schema).keys()) {
    const sub = known.subs.get(name);
    if (sub !== undefined) own.push(sub);
  }
  return own.slice(); // an array that grew has room to spare, and there is one for every line
});

interface SchemaTraits {
  /** That of the option itself. */
  readonly own: readonly Trait[];
  readonly subs: ReadonlyMap<string, Trait>;
}

const traitsBySchema: ReadonlyMap<OptionSchema, SchemaTraits> = new Map(
  places.map(([name, schema]) => {
    const subs = storedSubs(schema).map(sub => [sub, traitNamed(`${name}.${sub}`)] as const);
    return [schema, { own: [traitNamed(name)], subs: new Map(subs) }];
  }),
);

const none: readonly Trait[] = [];
