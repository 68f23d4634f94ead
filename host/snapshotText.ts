/**
 * The bare shape of a snapshot, without meaning. A snapshot is lines of text:
 *
 *     hostpci snapshot 1
 *     # a comment
 *     == bridges: ok
 *     vmbr0
 *       ports: enp3s0
 *     == files: partly, /etc/shadow was left out
 *     /etc/modules
 *       modified: 2026-08-20T10:00:00Z
 *       | vfio
 *       ! "a line with a carriage return\r"
 *     == end
 *
 * A line without indentation starts a record, indented lines belong to it, `|` and `!` lines are text that is quoted
 * word for word, the latter as a JSON string, `?` lines say what is missing and why. The last line is `== end`: without it the snapshot was cut.
 */

/** The highest format this code writes and fully understands. */
export const formatVersion = 1;

export interface Section {
  readonly name: string;
  readonly status: 'ok' | 'partly' | 'absent' | 'unreadable';
  /** Why it is not `ok`, in words; empty when nothing was said. */
  readonly reason: string;
  readonly records: readonly SnapshotRecord[];
  /** Quoted lines before the first record, without line ends. */
  readonly lines: readonly string[];
  /** What is missing here, in words. */
  readonly remarks: readonly string[];
  /** Lines that fit no shape. */
  readonly stray: readonly string[];
  /** The text ended inside this section, so that its last lines may be missing. */
  readonly cut: boolean;
}

export interface SnapshotRecord {
  readonly head: string;
  /** Values by key, in order; a key may stand on several lines. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** The quoted text, `undefined` where no quoted line stands. */
  readonly text: string | undefined;
  /** Something of it is missing: see the section's remarks. */
  readonly incomplete: boolean;
}

export interface SnapshotText {
  /** `undefined`: no first line of a snapshot was found. */
  readonly version: number | undefined;
  readonly sections: readonly Section[];
  /** `== end` was reached. */
  readonly ended: boolean;
}

const firstLine = /^hostpci snapshot (\d{1,6})$/;
const sectionLine = /^== ([a-z][a-z0-9 -]*)(?:: *([a-z]+)(?:, *(.*))?)?$/s;
const valueLine = /^[ \t]+([a-z][a-z0-9-]*):(?: (.*))?$/s;
const quotedLine = /^[ \t]*([|!\\?])(?: (.*))?$/s;

/** Splits a snapshot into sections and records. Never throws; what it cannot place ends in `stray`. */
export function readSnapshotText(text: string): SnapshotText {
  const lines = text.split('\n').map(line => (line.endsWith('\r') ? line.slice(0, -1) : line));
  const start = lines.findIndex(line => firstLine.test(line));
  if (start < 0) return { version: undefined, sections: [], ended: false };
  const version = Number(firstLine.exec(lines[start]!)![1]);
  const end = lines.indexOf('== end', start);
  const body = lines.slice(start + 1, end < 0 ? lines.length : end);
  // A text that was cut ends in the middle of a line as a rule, and half a line must not be taken for a whole one.
  if (end < 0) body.pop();
  return { version, sections: readSections(body, end < 0), ended: end >= 0 };
}

/** The lines of one section: its heading and its body. */
export const sectionHeading = (name: string, status: Section['status'], reason = ''): string =>
  `== ${name}: ${status}${reason ? `, ${reason}` : ''}`;

/** A text as quoted lines, exactly: `readSnapshotText` gives it back character by character. */
export function quoteText(text: string): string[] {
  const lines = text.split('\n');
  const whole = lines.at(-1) === '';
  if (whole) lines.pop();
  const quoted = lines.map(quoteLine);
  return whole || text === '' ? quoted : [...quoted, '  \\ no line end'];
}

/** One quoted line. Blanks at the end and control characters would not survive an editor or a mail. */
export const quoteLine = (line: string): string =>
  line === '' ? '  |' : isPlain(line) ? `  | ${line}` : `  ! ${jsonString(line)}`;

/** No control character but the tab, no blank at the end, no half of a surrogate pair. */
function isPlain(line: string): boolean {
  return !/[\x00-\x08\x0a-\x1f\x7f\u2028\u2029\p{Surrogate}]|\s$/u.test(line);
}

function readSections(body: readonly string[], cut: boolean): Section[] {
  const sections: OpenSection[] = [];
  for (const line of body) {
    const heading = sectionLine.exec(line);
    if (heading) sections.push(new OpenSection(heading[1]!, heading[2] ?? 'ok', heading[3] ?? ''));
    else sections.at(-1)?.add(line);
  }
  return sections.map((section, index) => section.close(cut && index === sections.length - 1));
}

class OpenSection {
  private readonly records: OpenRecord[] = [];
  private readonly lines: string[] = [];
  private readonly remarks: string[] = [];
  private readonly stray: string[] = [];

  constructor(
    private readonly name: string,
    private readonly status: string,
    private readonly reason: string,
  ) {}

  add(line: string): void {
    if (line.trim() === '' || line.startsWith('#')) return;
    const record = this.records.at(-1);
    const quoted = quotedLine.exec(line);
    const value = valueLine.exec(line);
    if (quoted) this.addQuoted(record, quoted[1]!, quoted[2] ?? '');
    else if (value && record) record.addValue(value[1]!, (value[2] ?? '').trim());
    else if (/^\s/.test(line)) this.stray.push(line);
    else this.records.push(new OpenRecord(line.trimEnd()));
  }

  close(cut: boolean): Section {
    const status = isStatus(this.status) ? this.status : 'partly';
    const reason = isStatus(this.status) ? this.reason : `${this.status} ${this.reason}`.trim();
    const records = this.records.map((record, index) => record.close(cut && index === this.records.length - 1));
    const { name, lines, remarks, stray } = this;
    return { name, status, reason, records, lines, remarks, stray, cut };
  }

  private addQuoted(record: OpenRecord | undefined, mark: string, text: string): void {
    const line = mark === '!' ? readJsonString(text) : text;
    if (line === undefined) this.stray.push(`! ${text}`);
    else if (mark === '?') this.addRemark(record, line);
    else if (record) record.addText(mark, line);
    else this.lines.push(line);
  }

  private addRemark(record: OpenRecord | undefined, text: string): void {
    if (record) record.incomplete = true;
    this.remarks.push(record ? `${record.head}: ${text}` : text);
  }
}

class OpenRecord {
  incomplete = false;
  private readonly values = new Map<string, string[]>();
  private readonly text: string[] = [];
  private quoted = false;
  private lineEnd = '\n';

  constructor(readonly head: string) {}

  addValue(key: string, value: string): void {
    const values = this.values.get(key);
    if (values) values.push(value);
    else this.values.set(key, [value]);
  }

  addText(mark: string, line: string): void {
    this.quoted = true;
    if (mark === '\\') this.lineEnd = '';
    else this.text.push(line);
  }

  /** Of a record that was cut the last key may have had more lines, so that nothing is known of it. */
  close(cut: boolean): SnapshotRecord {
    const last = [...this.values.keys()].at(-1);
    if (cut && last !== undefined) this.values.delete(last);
    const text = this.text.length ? this.text.join('\n') + this.lineEnd : '';
    const { head, values, incomplete } = this;
    return { head, values, text: this.quoted ? text : undefined, incomplete };
  }
}

const isStatus = (word: string): word is Section['status'] =>
  word === 'ok' || word === 'partly' || word === 'absent' || word === 'unreadable';

/** As JSON, on one line also for those who take the Unicode separators for ends of lines. */
export const jsonString = (text: string): string =>
  JSON.stringify(text).replace(
    /[\x7f\u2028\u2029]/g,
    found => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Reads a JSON string; `undefined` for anything else. */
export function readJsonString(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
