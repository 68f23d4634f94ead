import type { Suggestion, Surroundings } from '../language.ts';
import { docsOf, type KeyDocs, keyDocs, type VmDocs } from './docs.ts';
import { keyRank } from './order.ts';
import { type FamilySchema, type OptionSchema, optionOf, storedKey } from './schema.ts';
import { schemaTable } from './schemaTable.generated.ts';
import { sinceOf, tooNewFor } from './since.ts';
import type { HeaderSlot, KeySlot } from './slot.ts';
import { maybe, suggest, type Target } from './suggest.ts';
import type { Section, VmConf, VmLine } from './tree.ts';
import { typeText } from './typeText.ts';

/** Keys that the section does not have yet; of a family the next free index, and the one that was typed. */
export function completeKey(tree: VmConf, slot: KeySlot, around: Surroundings): readonly Suggestion[] {
  const request: Request = {
    target: slot,
    hasValue: slot.hasValue,
    docs: docsOf(around.library),
    version: around.versions.qemuServer,
  };
  const { section } = slot;
  if (section.kind === 'special') return specialKeys(section, slot, request);
  const taken = takenKeys(section, slot);
  const waiting = section.kind === 'pending' ? takenKeys(tree.sections[0] as Section, slot) : taken;
  return [
    ...optionKeys(section, taken, request),
    ...familyKeys(section, taken, waiting, slot.token.text.trim(), request),
    ...extraKeys(section, taken, request),
    ...(slot.token.text.trim() === '' ? completeHeader(tree, slot, around) : []),
  ];
}

/** Headers that make sense here: those of Proxmox that are not there yet, and snapshots that are only named. */
export function completeHeader(tree: VmConf, slot: HeaderSlot | KeySlot, around: Surroundings): readonly Suggestion[] {
  const { sections } = docsOf(around.library);
  const have = new Set(tree.sections.filter(one => one.header !== slot.line).map(headerOf));
  const fixed = [
    ['[PENDING]', 'pending', 'changes for the next cold start'],
    ['[special:cloudinit]', 'special:cloudinit', 'state of the cloud-init drive'],
    ['[special:fleecing]', 'special:fleecing', 'left-overs of backups'],
  ] as const;
  return [
    ...fixed
      .filter(([label]) => !have.has(label.toLowerCase()))
      .map(([label, kind, detail], rank) =>
        suggest(slot, label, 'section', { rank: 990 + rank, detail, ...maybe('documentation', sections[kind]) }),
      ),
    ...parentNames(tree)
      .filter(name => !have.has(`[${name.toLowerCase()}]`))
      .map(name => suggest(slot, `[${name}]`, 'section', { rank: 980, detail: 'snapshot, named by parent' })),
  ];
}

interface Request {
  readonly target: Target;
  readonly hasValue: boolean;
  readonly docs: VmDocs;
  readonly version: string | undefined;
}

function optionKeys(section: Section, taken: ReadonlySet<string>, request: Request): readonly Suggestion[] {
  return Object.entries(schemaTable.options)
    .filter(([key]) => !taken.has(storedKey(key)) && !taken.has(key))
    .map(([key, schema]) => {
      const rank = schema.internal && section.kind !== 'snapshot' ? 900 : keyRank(key);
      return oneKey(key, schema, keyDocs(request.docs, { name: key, index: undefined }), rank, request);
    });
}

function familyKeys(
  section: Section,
  taken: ReadonlySet<string>,
  waiting: ReadonlySet<string>,
  typed: string,
  request: Request,
): readonly Suggestion[] {
  return Object.entries(schemaTable.families).flatMap(([name, schema]) => {
    const about = keyDocs(request.docs, { name, index: 0 });
    const keys = new Set<string>();
    const free = nextFree(name, schema, taken, waiting);
    if (free !== undefined) keys.add(free);
    if (optionOf(typed)?.name === name && !taken.has(typed)) keys.add(typed);
    if (section.kind === 'pending')
      for (const key of waiting) if (isMember(key, name) && !taken.has(key)) keys.add(key);
    return [...keys].map(key => oneKey(key, schema, about, keyRank(name), request));
  });
}

/** The smallest index that neither this section nor the main one uses. */
function nextFree(
  name: string,
  schema: FamilySchema,
  taken: ReadonlySet<string>,
  waiting: ReadonlySet<string>,
): string | undefined {
  for (let index = 0; index <= schema.last; index++) {
    const key = `${name}${index}`;
    if (!taken.has(key) && !waiting.has(key)) return key;
  }
  return undefined;
}

const isMember = (key: string, name: string): boolean => {
  const option = optionOf(key);
  return option?.name === name && option.index !== undefined;
};

/** `delete` and `snapstate`, which only some sections have. */
function extraKeys(section: Section, taken: ReadonlySet<string>, request: Request): readonly Suggestion[] {
  const key = section.kind === 'pending' ? 'delete' : section.kind === 'snapshot' ? 'snapstate' : undefined;
  if (key === undefined || taken.has(key)) return [];
  return [oneKey(key, { type: 'string' }, request.docs.extra[key], key === 'delete' ? 5 : 900, request)];
}

const cloudinitKeys = [
  'cicustom',
  'cipassword',
  'citype',
  'ciupgrade',
  'ciuser',
  'name',
  'nameserver',
  'searchdomain',
  'sshkeys',
];

function specialKeys(section: Section, slot: KeySlot, request: Request): readonly Suggestion[] {
  const taken = takenKeys(section, slot);
  if (section.name === 'fleecing') {
    const about = request.docs.extra['fleecing-images'];
    return taken.has('fleecing-images') ? [] : [oneKey('fleecing-images', { type: 'string' }, about, 0, request)];
  }
  return cloudinitKeys
    .filter(key => !taken.has(key))
    .map((key, rank) => {
      const schema = schemaTable.options[key] ?? { type: 'string' };
      return oneKey(key, schema, keyDocs(request.docs, { name: key, index: undefined }), rank, request);
    });
}

function oneKey(
  key: string,
  schema: OptionSchema,
  about: KeyDocs | undefined,
  rank: number,
  { target, hasValue, version }: Request,
): Suggestion {
  const option = optionOf(key);
  const tooNew = option && tooNewFor(version, sinceOf(option));
  const lowered = about?.outdated ? 950 : tooNew ? 970 : rank;
  return suggest(target, key, 'key', {
    rank: lowered,
    insert: hasValue ? key : `${key}: `,
    again: !hasValue,
    detail: tooNew ?? typeText(schema),
    ...maybe('documentation', about?.text),
    ...(about?.outdated ? { deprecated: true } : {}),
  });
}

const keysOfBody = new WeakMap<readonly VmLine[], ReadonlySet<string>>();

/** The keys of a section as written, refused lines too; the line of the cursor is left out where it is there. */
function takenKeys(section: Section, slot: KeySlot): ReadonlySet<string> {
  let keys = keysOfBody.get(section.body);
  if (!keys) {
    keys = new Set(section.body.filter(node => node.key.end > 0).map(node => node.key.text));
    keysOfBody.set(section.body, keys);
  }
  if (!slot.hasValue || !keys.has(slot.token.text)) return keys;
  return new Set([...keys].filter(key => key !== slot.token.text));
}

const headerOf = (section: Section): string =>
  `[${section.kind === 'special' ? 'special:' : ''}${section.name}]`.toLowerCase();

function parentNames(tree: VmConf): readonly string[] {
  const names = tree.sections.flatMap(section =>
    section.body.filter(node => node.kind === 'entry' && node.key.text === 'parent').map(node => node.value.text),
  );
  return [...new Set(names)].filter(name => /^[a-z][a-z0-9_-]+$/i.test(name));
}
