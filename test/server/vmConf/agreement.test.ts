import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { statusOf } from '../../../server/languages/vmConf/problems.ts';
import {
  customModelOf,
  isRefused,
  type LineReading,
  type Reason,
  readLine,
  storedKeyOf,
  storedValue,
} from '../../../server/languages/vmConf/read.ts';
import { optionOf } from '../../../server/languages/vmConf/schema.ts';
import {
  parseVmConf,
  type Section,
  sectionAt,
  type VmConf,
  type VmLine,
} from '../../../server/languages/vmConf/tree.ts';
import { toLines } from '../../../server/text/lines.ts';

/** What the real parser said of one line: see test/verdicts/README.md. */
interface Verdict {
  readonly line: number;
  readonly status: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly reasons?: readonly RealReason[];
}

interface RealReason {
  readonly code: string;
  readonly errors?: readonly { readonly sub: string; readonly code: string }[];
}

interface Snippet {
  readonly class: string;
  readonly id: number;
  readonly text: string;
  readonly verdict: { readonly lines: readonly Verdict[] };
}

/** The custom CPU models of the machine that gave the verdicts. */
const customModels = new Set(['mymodel', 'win-gpu']);

const snippets = readFileSync(new URL('../../verdicts/vm-conf.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Snippet);

suite("agreement with Proxmox's parser", () => {
  const classOf = (snippet: Snippet): string => snippet.class.replace(/\+.*/, '');
  for (const name of new Set(snippets.map(classOf))) {
    const members = snippets.filter(snippet => classOf(snippet) === name);
    test(`${name}: all lines of ${members.length} snippets`, () => {
      for (const snippet of members) compare(snippet);
    });
  }
});

function compare(snippet: Snippet): void {
  const tree = parseVmConf(toLines(snippet.text));
  for (const verdict of snippet.verdict.lines) {
    const where = `snippet ${snippet.id} line ${verdict.line}: ${JSON.stringify(tree.lines[verdict.line - 1])}`;
    compareLine(tree, verdict, where);
  }
}

function compareLine(tree: VmConf, verdict: Verdict, where: string): void {
  const line = verdict.line - 1;
  const node = tree.nodes[line] as VmLine;
  const section = sectionAt(tree, line);
  const reading = readLine(node, section);
  assert.equal(statusHere(tree, line, section, reading), verdict.status, where);
  if (verdict.set && node.kind !== 'comment' && node.kind !== 'description' && node.kind !== 'snapstate') {
    assert.deepEqual({ [storedKeyOf(node, section.kind)]: storedValue(node, section.kind) }, verdict.set, where);
  }
  if (verdict.reasons && line !== section.header) compareReasons(node, reading, verdict.reasons, where);
}

function statusHere(tree: VmConf, line: number, section: Section, reading: LineReading): string {
  const status = statusOf(tree, line, section);
  return status === 'rejected' && line !== section.header && !isRefused(reading, customModels) ? 'accepted' : status;
}

/** The reader stops at the first part that it cannot split; else it lists every fault of a sub-property once. */
function compareReasons(node: VmLine, reading: LineReading, real: readonly RealReason[], where: string): void {
  const first = real[0] as RealReason;
  const reasons = reading.reasons.filter(
    reason => reason.code !== 'cpu-custom-model' || !customModels.has(customModelOf(reason)),
  );
  const faults = reasons.filter(reason => reason.sub !== undefined && !stops(reason));
  if (first.errors) {
    assert.ok(!reasons.some(stops), where);
    const known = faults.map(reason => `${expectedCode(node, reason)} ${reason.sub}`);
    assert.deepEqual([...new Set(known)].sort(), first.errors.map(error => `${error.code} ${error.sub}`).sort(), where);
  } else if (first.code.startsWith('sub-')) {
    assert.equal(reasons.find(stops)?.code, ourName(first.code), where);
  } else {
    assert.equal(reasons[0]?.code, ourName(first.code), where);
  }
}

const stops = (reason: Reason): boolean => /^sub-(?:duplicate|incomplete|no-default-key)$/.test(reason.code);

/** Our name for the real parser's codes that are about a whole line. */
function ourName(code: string): string {
  const names: Readonly<Record<string, string>> = {
    'sub-missing-key': 'sub-incomplete',
    'sub-alias-conflict': 'sub-duplicate',
    'sub-alias-model-conflict': 'sub-duplicate',
    'cpu-unknown-model': 'cpu-model',
    'cpu-unknown-custom-model': 'cpu-custom-model',
    'cpu-missing-type': 'cpu-type-missing',
    'cpu-flag-not-allowed': 'cpu-flag',
  };
  const same = /^(?:syntax|unknown-key|delete-outside-pending|line-feed|sub-|cpu-)/.test(code);
  return names[code] ?? (same ? code : 'value');
}

/** The real parser's code for a fault in a sub-property. */
function expectedCode(node: VmLine, reason: Reason): string {
  const schema = optionOf(node.key.text)?.schema;
  const sub = schema?.properties?.[reason.sub ?? ''];
  if (reason.code === 'sub-unknown') return 'not-in-schema';
  if (reason.code === 'sub-missing') return sub?.required ? 'missing' : 'requires';
  if (reason.code === 'sub-enum') return 'enum';
  if (reason.code === 'sub-range') return /above/.test(reason.fault ?? '') ? 'maximum' : 'minimum';
  if (/longer/.test(reason.fault ?? '')) return 'maxLength';
  if (sub?.type !== 'string') return `type-${sub?.type}`;
  return sub.format ? 'invalid-format' : 'pattern';
}
