import type { Suggestion } from '../language.ts';
import { valueText } from './docs.ts';
import { formats } from './formats.ts';
import { own, type ValueSchema } from './schema.ts';
import { suggest } from './suggest.ts';
import { defaultText } from './typeText.ts';
import { tooNewValue, type ValueRequest } from './valueRequest.ts';
import { valueSources } from './valueSources.ts';

/** Everything that can stand in a place: what the surroundings know, then what the schema lists, each once. */
export function completeValue(request: ValueRequest): readonly Suggestion[] {
  const seen = new Set<string>();
  return [...(own(valueSources, request.path)?.(request) ?? []), ...fromSchema(request)].filter(one => {
    const isNew = !seen.has(one.label);
    seen.add(one.label);
    return isNew;
  });
}

function fromSchema(request: ValueRequest): readonly Suggestion[] {
  const { schema, about } = request;
  const usual = (about?.usual ?? []).map((value, rank) => plain(request, value, 300 + rank));
  return [
    ...enumValues(request),
    ...booleans(request),
    ...usual,
    ...fromFormat(request),
    ...byDefault(request, schema),
  ];
}

function enumValues(request: ValueRequest): readonly Suggestion[] {
  const first = request.about?.first ?? [];
  const items = request.schema.enum ?? Object.keys(request.about?.values ?? {}).filter(() => isOpen(request));
  const listed = listedItems(request);
  return items
    .filter(value => !listed.has(value) && isOfUse(request, value) && (listed.size === 0 || !isWhole(request, value)))
    .map((value, at) => plain(request, value, first.includes(value) ? first.indexOf(value) : 100 + at));
}

/** `hotplug: 0` and `1` stand for whole lists and cannot be items of one. */
const isWhole = (request: ValueRequest, value: string): boolean => request.path === 'hotplug' && /^[01]$/.test(value);

/** Values that only the documentation lists are real values everywhere but for `startup`, where they are names. */
const isOpen = (request: ValueRequest): boolean => request.path !== 'startup' && request.path !== 'machine.type';

/** `manual` is accepted for a VM, and then handed to cloud-init as if it were an address. */
const isOfUse = (request: ValueRequest, value: string): boolean =>
  !(value === 'manual' && request.path.startsWith('ipconfig.'));

function booleans(request: ValueRequest): readonly Suggestion[] {
  if (request.schema.type !== 'boolean') return [];
  return ['1', '0'].map((value, rank) =>
    suggest(request.target, value, 'value', {
      rank,
      detail: [value === '1' ? 'on' : 'off', isDefault(request.schema, value) && 'default'].filter(Boolean).join(', '),
    }),
  );
}

function fromFormat(request: ValueRequest): readonly Suggestion[] {
  const kind = request.schema.format && formats[request.schema.format];
  const { inventory, random } = request.around;
  const listed = listedItems(request);
  return (kind?.complete?.({ inventory, random }) ?? [])
    .filter(choice => !listed.has(choice.text) && isOfUse(request, choice.text))
    .map(choice => plain(request, choice.text, 200, choice.detail));
}

function byDefault(request: ValueRequest, schema: ValueSchema): readonly Suggestion[] {
  const value = defaultText(schema);
  const isWord = value !== undefined && !/\s/.test(value) && !request.path.endsWith('.cputype');
  return isWord && schema.type !== 'boolean' && !schema.enum && !(request.path in listLike)
    ? [plain(request, value, 350)]
    : [];
}

/** Defaults of these are lists, which would be offered as one item. */
const listLike: Readonly<Record<string, true>> = { hotplug: true, 'boot.legacy': true };

function plain(request: ValueRequest, value: string, rank: number, detail?: string): Suggestion {
  const name = request.path.slice(request.path.lastIndexOf('.') + 1);
  const text = valueText(request.docs, request.about, name, value);
  const tooNew = tooNewValue(request, value);
  return suggest(request.target, value, 'value', {
    rank: tooNew === undefined ? rank : 900,
    detail: [detail, isDefault(request.schema, value) && 'default', tooNew].filter(Boolean).join(', '),
    ...(text === undefined ? {} : { documentation: text }),
  });
}

/** The other items of a value that is a list. */
function listedItems(request: ValueRequest): ReadonlySet<string> {
  const item = request.target.token.text;
  return request.whole === item ? new Set() : new Set(request.whole.split(/[,; ]/).filter(one => one !== item));
}

const isDefault = (schema: ValueSchema, value: string): boolean => defaultText(schema) === value;
