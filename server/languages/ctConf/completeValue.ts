import type { Part } from '../../syntax/propertyString.ts';
import { parsePropertyString } from '../../syntax/propertyString.ts';
import { type Token, tokenTouches } from '../../text/span.ts';
import type { SourceFile, Suggestion, Surroundings } from '../language.ts';
import { formats } from '../vmConf/formats.ts';
import type { FoundOption, ValueSchema } from '../vmConf/schema.ts';
import { maybe, suggest, type Target } from '../vmConf/suggest.ts';
import { defaultText, typeText } from '../vmConf/typeText.ts';
import { deviceNodes } from './completeRaw.ts';
import { volumes } from './completeVolume.ts';
import { entriesOf, mainSection } from './config.ts';
import { type CtValueDocs, docsOf, keyDocs, propertyDocs } from './docs.ts';
import type { CtConf } from './tree.ts';
import { mountOptions } from './words.ts';

/** A wish for values of an option at one place. */
export interface CtRequest {
  readonly file: SourceFile<CtConf>;
  readonly key: string;
  readonly option: FoundOption;
  /** The whole value. */
  readonly target: Target;
  readonly around: Surroundings;
}

/** Values of an option that is no property string. */
export function scalarSuggestions(request: CtRequest): readonly Suggestion[] {
  const { option, target } = request;
  const about = keyDocs(docsOf(request.around.library), option);
  return valuesFor(request, option.name, option.schema, about, target);
}

/** Names and values in a property string. */
export function partSuggestions(request: CtRequest, column: number): readonly Suggestion[] {
  const { option, target } = request;
  const parts = parsePropertyString(target.token);
  const part = parts.find(({ whole }) => tokenTouches(whole, column)) ?? parts[0];
  if (!part) return [];
  if (part.hasEquals && column >= part.value.start) return partValues(request, part.key.text, part.value, false);
  const isFirst = part === parts[0];
  const needsBlank = isFirst && target.needsBlank === true;
  const names = propertyNames(request, parts, part, needsBlank);
  const { defaultKey } = option.schema;
  const isGiven = parts.some(
    one => one !== part && (one.hasEquals ? one.key.text === defaultKey : one.whole.text !== ''),
  );
  if (part.hasEquals || defaultKey === undefined || isGiven) return names;
  return [...partValues(request, defaultKey, part.whole, needsBlank), ...names];
}

function partValues(request: CtRequest, name: string, where: Token, needsBlank: boolean): readonly Suggestion[] {
  const schema = request.option.schema.properties?.[name];
  const about = propertyDocs(keyDocs(docsOf(request.around.library), request.option), name);
  if (!schema) return [];
  const target = { line: request.target.line, token: where, needsBlank };
  return valuesFor(request, `${request.option.name}.${name}`, schema, about, target);
}

/** Sub-properties in the order in which people write them; the others follow by name. */
const usualOrder: Readonly<Record<string, readonly string[]>> = {
  dev: ['gid', 'uid', 'mode'],
  features: ['nesting', 'keyctl', 'fuse'],
  mp: ['mp', 'size', 'ro', 'backup'],
  net: ['name', 'bridge', 'firewall', 'hwaddr', 'ip', 'gw', 'ip6', 'gw6', 'tag', 'type'],
  rootfs: ['size', 'mountoptions'],
};

function rankOf(option: string, name: string, isRequired: boolean | undefined): number {
  const place = usualOrder[option]?.indexOf(name) ?? -1;
  return (isRequired ? 100 : 200) + (place === -1 ? 50 : place);
}

function propertyNames(
  request: CtRequest,
  parts: readonly Part[],
  part: Part,
  needsBlank: boolean,
): readonly Suggestion[] {
  const { option, target, around } = request;
  const about = keyDocs(docsOf(around.library), option);
  const taken = new Set(
    parts.filter(one => one !== part).map(one => (one.hasEquals ? one.key.text : option.schema.defaultKey)),
  );
  const where = { line: target.line, token: part.hasEquals ? part.key : part.whole, needsBlank };
  return Object.entries(option.schema.properties ?? {})
    .filter(([name]) => !taken.has(name) && name !== option.schema.defaultKey)
    .map(([name, schema]) => {
      const isFlag = schema.type === 'boolean';
      return suggest(where, name, 'property', {
        rank: rankOf(option.name, name, schema.required),
        insert: part.hasEquals ? name : isFlag ? `${name}=${schema.default === true ? 0 : 1}` : `${name}=`,
        again: !part.hasEquals && !isFlag,
        detail: schema.required ? 'needed' : typeText(schema),
        ...maybe('documentation', propertyDocs(about, name)?.text),
      });
    });
}

function valuesFor(
  request: CtRequest,
  path: string,
  schema: ValueSchema,
  about: CtValueDocs | undefined,
  target: Target,
): readonly Suggestion[] {
  const known = sources[path]?.(request, target) ?? [];
  const flags = schema.type === 'boolean' ? ['1', '0'] : [];
  const words = [...(schema.enum ?? []), ...flags, ...(about?.usual ?? [])];
  const { inventory, random } = request.around;
  const ofFormat = (schema.format && formats[schema.format].complete?.({ inventory, random })) ?? [];
  const byDefault = defaultText(schema);
  const plain = words.map((word, rank) =>
    suggest(target, word, 'value', {
      rank: 100 + rank,
      ...maybe('detail', word === byDefault ? 'default' : undefined),
      ...maybe('documentation', about?.values?.[word]),
    }),
  );
  const choices = ofFormat.map(({ text, detail }) =>
    suggest(target, text, 'value', { rank: 200, ...maybe('detail', detail) }),
  );
  return [...known, ...plain, ...choices];
}

type Source = (request: CtRequest, target: Target) => readonly Suggestion[];

/** Values that come from the file, the host or the files around. */
const sources: Readonly<Record<string, Source>> = {
  'dev.path': ({ around }, target) => deviceNodes(target, around),
  hookscript: ({ around, file }, target) => volumes(target, around, 'snippets', file.place.vmid),
  'mp.mountoptions': (_, target) => mountOptions.map(option => suggest(target, option, 'value')),
  'mp.volume': ({ around, file }, target) => volumes(target, around, 'rootdir', file.place.vmid),
  'net.bridge': ({ around }, target) =>
    (around.inventory?.bridges ?? []).map(({ name, ports }) =>
      suggest(target, name, 'value', { detail: ports.join(' ') }),
    ),
  'net.name': ({ key }, target) => [suggest(target, `eth${key.replace(/\D/g, '')}`, 'value')],
  'rootfs.mountoptions': (_, target) => mountOptions.map(option => suggest(target, option, 'value')),
  'rootfs.volume': ({ around, file }, target) => volumes(target, around, 'rootdir', file.place.vmid),
};

/** What `delete:` can take out: the options of the main section. */
export function deletableKeys(tree: CtConf, target: Target, column: number): readonly Suggestion[] {
  const { text, start } = target.token;
  const from = Math.max(...[',', ';', ' '].map(mark => text.lastIndexOf(mark, column - start - 1))) + 1;
  const word = /^[^,; ]*/.exec(text.slice(from))?.[0] ?? '';
  const item = { text: word, start: start + from, end: start + from + word.length };
  const given = new Set(text.split(/[,; ]+/).filter(one => one !== word));
  return [...entriesOf(tree, mainSection(tree))]
    .filter(({ key }) => !given.has(key.text))
    .map(({ key }) => suggest({ ...target, token: item }, key.text, 'reference'));
}
