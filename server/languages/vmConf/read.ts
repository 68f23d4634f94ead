import { boolean as booleanKind, parseBoolean } from '../../values/boolean.ts';
import { decimal, digits } from '../../values/number.ts';
import { formats } from './formats.ts';
import type { LineReading, Reason } from './reading.ts';
import { readProperties } from './readProperties.ts';
import { type OptionSchema, optionOf, storedKey } from './schema.ts';
import { perLine, type Section, type SectionKind, type VmLine } from './tree.ts';
import { uncheckedFaults } from './unchecked.ts';

export type * from './reading.ts';

const blankLine: LineReading = { status: 'blank', reasons: [] };
const accepted: LineReading = { status: 'accepted', reasons: [] };
const ignored: LineReading = { status: 'ignored', reasons: [] };
const lonely: LineReading = { status: 'inert', reasons: [] };

const rejected = (...reasons: readonly Reason[]): LineReading => ({ status: 'rejected', reasons });

/**
 * What the reader does with a line of a section; headers are told by `statusOf` of problems.ts. A custom CPU model always yields a
 * reason `cpu-custom-model`, because only the cluster's cpu-models.conf tells whether it exists: see `isRefused`.
 * Source: qemu-server 9.2.6, PVE/QemuServer.pm parse_vm_config and check_type, observed.
 */
export function readLine(node: VmLine, section: Pick<Section, 'kind' | 'name'>): LineReading {
  if (node.kind === 'blank') return blankLine;
  if (section.kind === 'unknown') return ignored;
  switch (node.kind) {
    case 'snapstate':
      if (node.key.start > 0) return readSwallowed(node, section.kind);
      return section.kind === 'main' ? lonely : accepted;
    case 'comment':
    case 'description':
    case 'args':
      return accepted;
    case 'junk':
      return rejected({ code: 'syntax', token: node.value.text === '' ? node.key : node.value });
    case 'delete':
      return section.kind === 'pending' ? accepted : rejected({ code: 'delete-outside-pending', token: node.key });
    default:
      return section.kind === 'special' ? readSpecial(node, section.name) : readEntry(node);
  }
}

/** Whether the reasons make the reader drop the line; `undefined` where that depends on a custom CPU model. */
export function isRefused(reading: LineReading, customModels: ReadonlySet<string> | undefined): boolean | undefined {
  if (reading.status !== 'rejected') return false;
  const unsure = reading.reasons.filter(reason => reason.code === 'cpu-custom-model');
  if (unsure.length < reading.reasons.length) return true;
  if (!customModels) return undefined;
  return unsure.some(reason => !customModels.has(customModelOf(reason)));
}

/** The name behind `custom-`. */
export const customModelOf = (reason: Reason): string => reason.token.text.slice('custom-'.length);

/**
 * The value that is stored for an accepted line: booleans as 1 or 0, integers without leading zeros, plain strings
 * without a pair of double quotes around them, everything else as written.
 */
export function storedValue(node: VmLine, section: SectionKind): string {
  const schema = section === 'special' || node.kind !== 'entry' ? undefined : optionOf(node.key.text)?.schema;
  const text = node.value.text;
  if (!schema) return text;
  if (schema.type === 'boolean') return parseBoolean(text) ? '1' : '0';
  if (schema.type === 'integer') return storedInteger(text);
  if (schema.type === 'string' && !schema.format && !schema.properties) return text.replace(/^"([^\n]*)"$/, '$1');
  return text;
}

/** The key under which an accepted line is stored. */
export const storedKeyOf = (node: VmLine, section: SectionKind): string =>
  section === 'special' ? node.key.text : storedKey(node.key.text);

/** The reader looks for `snapstate:` anywhere in a line and takes the whole line for it. */
function readSwallowed(node: VmLine, kind: SectionKind): LineReading {
  return { status: kind === 'main' ? 'inert' : 'accepted', reasons: [{ code: 'swallowed', token: node.key }] };
}

/** An entry outside special sections is read the same way wherever it stands, so its reading stays with the line. */
const readEntry = perLine<LineReading>(checkEntry);

function checkEntry(node: VmLine): LineReading {
  const option = optionOf(node.key.text);
  if (!option) return rejected({ code: 'unknown-key', token: node.key });
  if (node.value.text.includes('\r')) return rejected({ code: 'line-feed', token: node.value });
  if (option.schema.properties) {
    const reasons = readProperties(node, option.name, option.schema);
    return reasons.length > 0 ? { status: 'rejected', reasons } : accepted;
  }
  return checkScalar(node, option.schema);
}

function checkScalar(node: VmLine, schema: OptionSchema): LineReading {
  const { text } = node.value;
  const kind = scalarKind(schema);
  const fault = kind?.check(text);
  if (kind === undefined || fault === undefined) {
    const reasons = uncheckedFaults(node.value, schema);
    return reasons.length > 0 ? { status: 'accepted', reasons } : accepted;
  }
  const mended = kind.mend?.(text);
  const isBetter = mended !== undefined && mended !== text && kind.check(mended) === undefined;
  return rejected({ code: 'value', token: node.value, fault, ...(isBetter ? { mended } : {}) });
}

function scalarKind(schema: OptionSchema) {
  if (schema.type === 'boolean') return booleanKind;
  if (schema.type === 'integer') return digits;
  if (schema.type === 'number') return decimal;
  return schema.format && formats[schema.format];
}

function readSpecial(node: VmLine, name: string): LineReading {
  if (name !== 'fleecing') return accepted;
  if (node.key.text !== 'fleecing-images') return rejected({ code: 'unknown-key', token: node.key });
  if (node.value.text.includes('\r')) return rejected({ code: 'line-feed', token: node.value });
  return checkScalar(node, { type: 'string', format: 'pve-volume-id-list' });
}

/** Perl's `int`: exact up to 64 bits, a float with 15 digits beyond. */
function storedInteger(text: string): string {
  const exact = text.replace(/^0+(?=[0-9])/, '');
  if (exact.length < 20 || (exact.length === 20 && exact <= '18446744073709551615')) return exact;
  return String(Number(Number(exact).toPrecision(15))).replace(/^(\d+)$/, asExponent);
}

function asExponent(text: string): string {
  const [mantissa, exponent] = Number(text).toExponential().split('e+') as [string, string];
  return `${mantissa}e+${exponent}`;
}
