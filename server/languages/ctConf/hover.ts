import { deviceLabel, functionAt } from '../../../host/inventory.ts';
import type { Part } from '../../syntax/propertyString.ts';
import { parsePropertyString } from '../../syntax/propertyString.ts';
import { escapeMarkdown, inlineCode, paragraphs } from '../../text/markdown.ts';
import { type Position, type Token, tokenSpan, tokenTouches } from '../../text/span.ts';
import { deviceCard } from '../../values/deviceCard.ts';
import type { Description, SourceFile, Surroundings } from '../language.ts';
import { type FoundOption, own, type ValueSchema } from '../vmConf/schema.ts';
import { defaultText, typeText } from '../vmConf/typeText.ts';
import { covers, nodeUses, parseDeviceRule } from './devices.ts';
import { type CtDocs, docsOf, keyDocs, propertyDocs, rawDocs } from './docs.ts';
import { nodeNumbers } from './nodeNumbers.ts';
import { ctOption } from './options.ts';
import { rawVerdict } from './rawKeys.ts';
import { type CtConf, type CtLine, sectionAt } from './tree.ts';

/** What stands at a place: a key, a sub-property, a value or a device node. */
export function hoverCtConf(file: SourceFile<CtConf>, at: Position, around: Surroundings): Description | undefined {
  const node = file.tree.nodes[at.line];
  if (!node) return undefined;
  const docs = docsOf(around.library);
  if (node.kind === 'header') return about(at.line, node.key, docs.sections[sectionAt(file.tree, at.line).kind]);
  if (node.kind === 'comment' || node.key.end === 0) return undefined;
  if (tokenTouches(node.key, at.column)) return aboutKey(at.line, node, docs);
  if (!tokenTouches(node.value, at.column)) return undefined;
  return aboutDevice(file, at, around) ?? aboutRule(at.line, node, around) ?? aboutValue(at, node, docs);
}

function aboutKey(line: number, { kind, key }: CtLine, docs: CtDocs): Description | undefined {
  if (kind === 'raw') return about(line, key, rawText(key.text, docs));
  const option = ctOption(key.text);
  const text = option && keyDocs(docs, option);
  if (!option || !text) return about(line, key, own(docs.extra, key.text));
  const effect = own(docs.effects, text.applies);
  const example = text.example === undefined ? undefined : `Example: ${inlineCode(text.example)}`;
  return about(line, key, text.text, facts(option.schema), example, effect);
}

function rawText(key: string, docs: CtDocs): string | undefined {
  const verdict = rawVerdict(key);
  const text = rawDocs(docs, verdict.kind === 'renamed' ? verdict.to : key);
  return verdict.kind === 'renamed' ? paragraphs(`Now called ${inlineCode(verdict.to)}.`, text) : text;
}

function aboutValue({ line, column }: Position, node: CtLine, docs: CtDocs): Description | undefined {
  const option = ctOption(node.key.text);
  if (node.kind !== 'entry' || !option) return undefined;
  const own_ = keyDocs(docs, option);
  if (!option.schema.properties) return aboutWord(line, node.value, own_?.values);
  const part = parsePropertyString(node.value).find(({ whole }) => tokenTouches(whole, column));
  return part && aboutPart(line, column, part, option, docs);
}

function aboutPart(
  line: number,
  column: number,
  part: Part,
  option: FoundOption,
  docs: CtDocs,
): Description | undefined {
  const name = part.hasEquals ? part.key.text : option.schema.defaultKey;
  const schema = name === undefined ? undefined : option.schema.properties?.[name];
  const text = name === undefined ? undefined : propertyDocs(keyDocs(docs, option), name);
  if (!schema || !text || name === undefined) return undefined;
  const where = part.hasEquals && column <= part.key.end ? part.key : part.value;
  return {
    span: tokenSpan(line, where),
    markdown: paragraphs(`**${escapeMarkdown(name)}**`, text.text, facts(schema)),
  };
}

const aboutWord = (line: number, token: Token, values: Readonly<Record<string, string>> | undefined) =>
  about(line, token, values && own(values, token.text));

/** The card of the device behind a node that a `devN` or `lxc.mount.entry` line names. */
function aboutDevice(file: SourceFile<CtConf>, at: Position, around: Surroundings): Description | undefined {
  const section = sectionAt(file.tree, at.line);
  for (const { entry, path } of nodeUses(file.tree, section)) {
    if (entry.line !== at.line || !tokenTouches(path, at.column)) continue;
    const { inventory } = around;
    const address = inventory?.deviceNodes?.find(node => node.path === path.text)?.address;
    const fn = inventory && address && functionAt(inventory, address);
    if (!fn) return undefined;
    const claims = around.claims(fn.address).map(({ label }) => label);
    return { span: tokenSpan(at.line, path), markdown: deviceCard(fn, inventory, claims) };
  }
  return undefined;
}

/** The nodes of the host that a device rule for LXC is about. */
function aboutRule(line: number, { key, value }: CtLine, { inventory }: Surroundings): Description | undefined {
  const rule = key.text === 'lxc.cgroup2.devices.allow' ? parseDeviceRule(value.text) : undefined;
  if (rule?.type !== 'c') return undefined;
  const nodes = (inventory?.deviceNodes ?? []).filter(({ path }) => {
    const numbers = nodeNumbers(path);
    return numbers && covers(rule, numbers.major) && (rule.minor ?? numbers.minor) === numbers.minor;
  });
  const items = nodes.map(({ path, address }) => {
    const fn = inventory && address && functionAt(inventory, address);
    return `- ${inlineCode(path)}${fn ? ` ${escapeMarkdown(deviceLabel(fn))}` : ''}`;
  });
  return items.length === 0 ? undefined : about(line, value, items.join('\n'));
}

function facts(schema: ValueSchema): string {
  const byDefault = defaultText(schema);
  const type = `Type: ${escapeMarkdown(typeText(schema))}`;
  return byDefault === undefined ? type : `${type} · default ${inlineCode(byDefault)}`;
}

function about(line: number, token: Token, ...texts: readonly (string | undefined)[]): Description | undefined {
  if (texts[0] === undefined) return undefined;
  return { span: tokenSpan(line, token), markdown: paragraphs(`**${escapeMarkdown(token.text)}**`, ...texts) };
}
