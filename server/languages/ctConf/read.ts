import { Memo } from '../../text/memo.ts';
import type { Token } from '../../text/span.ts';
import { boolean } from '../../values/boolean.ts';
import type { ValueKind } from '../../values/kind.ts';
import { decimal, digits } from '../../values/number.ts';
import { formats } from '../vmConf/formats.ts';
import type { Reason, ReasonCode } from '../vmConf/read.ts';
import { readProperties } from '../vmConf/readProperties.ts';
import type { OptionSchema } from '../vmConf/schema.ts';
import { ctOption } from './options.ts';
import { type RawVerdict, rawVerdict } from './rawKeys.ts';
import type { CtConf, CtLine, CtSection } from './tree.ts';
import { subWords } from './words.ts';

/** Why Proxmox's reader warns about a line; each belongs to one rule. */
export type CtReasonCode = ReasonCode | 'raw-unknown' | 'raw-renamed' | 'raw-cgroup1' | 'raw-taken';

export interface CtReason extends Omit<Reason, 'code'> {
  readonly code: CtReasonCode;
}

export interface CtProblem {
  readonly line: number;
  readonly node: CtLine;
  readonly section: CtSection;
  readonly reason: CtReason;
}

/**
 * What the reader says about a line; empty where it says nothing. Of a line with a bad value or an unknown key it keeps
 * the value all the same; one that it cannot parse is lost when the file is next written.
 * Source: pve-container 6.1.10, PVE/LXC/Config.pm parse_pct_config and check_type.
 */
export function readLine(node: CtLine, section: Pick<CtSection, 'kind'>): readonly CtReason[] {
  switch (node.kind) {
    case 'junk':
      return [{ code: 'syntax', token: node.value.text === '' ? node.key : node.value }];
    case 'delete':
      return section.kind === 'pending' ? [] : [{ code: 'delete-outside-pending', token: node.key }];
    case 'raw':
      return readRaw(node);
    case 'entry':
      return readEntry(node);
    default:
      return [];
  }
}

const byTree = new WeakMap<CtConf, ReadonlyMap<CtReasonCode, readonly CtProblem[]>>();

/** Everything that the reader complains about, by kind, in the order of the lines. Computed once per tree. */
export function problemsWith(tree: CtConf, code: CtReasonCode): readonly CtProblem[] {
  let known = byTree.get(tree);
  if (!known) {
    known = collect(tree);
    byTree.set(tree, known);
  }
  return known.get(code) ?? [];
}

function collect(tree: CtConf): ReadonlyMap<CtReasonCode, readonly CtProblem[]> {
  const all = new Map<CtReasonCode, CtProblem[]>();
  for (const section of tree.sections) {
    for (let line = section.from; line < section.to; line++) {
      const node = tree.nodes[line] as CtLine;
      for (const reason of readLine(node, section)) {
        const list = all.get(reason.code) ?? [];
        list.push({ line, node, section, reason });
        all.set(reason.code, list);
      }
    }
  }
  return all;
}

const rawCodes: Readonly<Record<RawVerdict['kind'], CtReasonCode | undefined>> = {
  valid: undefined,
  renamed: 'raw-renamed',
  cgroup1: 'raw-cgroup1',
  taken: 'raw-taken',
  unknown: 'raw-unknown',
};

function readRaw(node: CtLine): readonly CtReason[] {
  const code = rawCodes[rawVerdict(node.key.text).kind];
  return code === undefined ? [] : [{ code, token: node.key }];
}

const entries = new WeakMap<CtLine, readonly CtReason[]>();

/** An entry is read the same way wherever it stands, so its reading stays with the line. */
function readEntry(node: CtLine): readonly CtReason[] {
  let known = entries.get(node);
  if (!known) {
    known = checkEntry(node);
    entries.set(node, known);
  }
  return known;
}

function checkEntry({ key, value }: CtLine): readonly CtReason[] {
  const option = ctOption(key.text);
  if (!option) return [{ code: 'unknown-key', token: key }];
  if (value.text.includes('\r')) return [{ code: 'line-feed', token: value }];
  if (!option.schema.properties) return checkScalar(value, option.schema);
  const reasons = readProperties({ kind: 'entry', key, value, memo: new Memo() }, option.name, option.schema);
  return reasons.map(reason => inWords(reason, option.name));
}

function checkScalar(token: Token, schema: OptionSchema): readonly CtReason[] {
  const kind = scalarKind(schema);
  const fault = kind?.check(token.text);
  if (!kind || fault === undefined) return [];
  const mended = kind.mend?.(token.text);
  return [{ code: 'value', token, fault, ...(mended === undefined ? {} : { mended }) }];
}

function scalarKind(schema: OptionSchema): ValueKind | undefined {
  if (schema.type === 'boolean') return boolean;
  if (schema.type === 'integer') return digits;
  if (schema.type === 'number') return decimal;
  return schema.format && formats[schema.format];
}

/** Where the schema is only a pattern, says what is wrong in words, and what was meant. */
function inWords(reason: Reason, option: string): CtReason {
  const words = reason.code === 'sub-value' && reason.sub !== undefined ? subWords(option, reason.sub) : undefined;
  const fault = words?.check(reason.token.text);
  if (!words || fault === undefined) return reason;
  const mended = words.mend?.(reason.token.text);
  return { ...reason, fault, ...(mended !== undefined && words.check(mended) === undefined ? { mended } : {}) };
}
