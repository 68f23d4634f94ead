import { functionAt } from '../../../host/inventory.ts';
import { inlineCode, paragraphs } from '../../text/markdown.ts';
import { type Position, tokenSpan, tokenTouches } from '../../text/span.ts';
import { deviceCard } from '../../values/deviceCard.ts';
import type { Description, SourceFile, Surroundings } from '../language.ts';
import { attributeOf } from './attributes.ts';
import { functionOf, pathOf } from './paths.ts';
import type { SysfsLine, SysfsTree } from './tree.ts';

/** The device under an address, what an attribute does, and what a value of it means. */
export function describeSysfs(
  file: SourceFile<SysfsTree>,
  at: Position,
  around: Surroundings,
): Description | undefined {
  const line = file.tree.lines[at.line];
  if (line?.kind !== 'setting') return undefined;
  if (line.keyword.text !== '' && tokenTouches(line.keyword, at.column)) return describeKeyword(line);
  if (line.value.text !== '' && tokenTouches(line.value, at.column)) return describeValue(line, around);
  if (!tokenTouches(line.path, at.column)) return undefined;
  return describeAddress(line, at, around) ?? describeAttribute(line, around);
}

function describeKeyword(line: SysfsLine): Description {
  const doc =
    line.keyword.text === 'mode'
      ? 'Sets the permissions of the attribute, as `chmod` takes them. Debian 13 warns about letters (`u+w`): write digits.'
      : 'Sets the owner of the attribute: `user` or `user:group`. On Debian 12 an unknown user stops everything behind.';
  return { span: tokenSpan(line.line, line.keyword), markdown: `**${inlineCode(line.keyword.text)}**\n\n${doc}` };
}

function describeAddress(line: SysfsLine, at: Position, { inventory, claims }: Surroundings): Description | undefined {
  const found = pathOf(line).addresses.find(({ token }) => tokenTouches(token, at.column));
  const fn = found && inventory && functionAt(inventory, found.address);
  if (!found || !fn) return undefined;
  const labels = claims(fn.address).map(claim => claim.label);
  return { span: tokenSpan(line.line, found.token), markdown: deviceCard(fn, inventory, labels) };
}

function describeAttribute(line: SysfsLine, around: Surroundings): Description | undefined {
  const attribute = attributeOf(line.path.text);
  if (!attribute) return undefined;
  const values = Object.entries(attribute.values ?? {}).map(([value, doc]) => `- ${inlineCode(value)}: ${doc}`);
  return {
    span: tokenSpan(line.line, line.path),
    markdown: paragraphs(
      `**${inlineCode(pathOf(line).attribute)}**`,
      attribute.doc,
      values.join('\n'),
      virtualFunctions(line, around),
    ),
  };
}

function describeValue(line: SysfsLine, around: Surroundings): Description | undefined {
  const attribute = attributeOf(line.path.text);
  const { text } = line.value;
  const meaning = attribute?.values && Object.hasOwn(attribute.values, text) ? attribute.values[text] : undefined;
  const vfs = virtualFunctions(line, around);
  if (meaning === undefined && vfs === undefined) return undefined;
  return {
    span: tokenSpan(line.line, line.value),
    markdown: paragraphs(meaning !== undefined && `${inlineCode(text)}: ${meaning}`, vfs),
  };
}

/** `This card has 2 of 7 possible VFs now.` */
function virtualFunctions(line: SysfsLine, { inventory }: Surroundings): string | undefined {
  const fn = inventory && pathOf(line).attribute === 'sriov_numvfs' ? functionOf(line, inventory) : undefined;
  if (!fn || fn.vfTotal === undefined) return undefined;
  const now = fn.vfCount === undefined ? '' : `, and has ${fn.vfCount} now`;
  return `${inlineCode(fn.address)} can have up to ${fn.vfTotal} VFs${now}.`;
}
