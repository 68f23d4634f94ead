import { deviceStarts } from './deviceSymptoms.ts';
import type { Explanation, FoundReport, Match } from './explanation.ts';
import { hostTools, kernel } from './kernelSymptoms.ts';
import { qemu } from './qemuSymptoms.ts';
import { otherStarts } from './startSymptoms.ts';
import type { Symptom } from './symptom.ts';

/** Everything that can be explained, the most particular first. */
export const speakers = [deviceStarts, otherStarts, qemu, kernel, hostTools];

const symptoms: readonly Symptom[] = speakers.flatMap(one => one.symptoms);

/** What a text says about where its fault lies. */
export interface Clue {
  /** VMs and containers that the text names. */
  readonly guests: ReadonlySet<number>;
  readonly rules: ReadonlySet<string>;
}

/**
 * Looks for known messages in a text. `findings` is asked once, for the rules that all of them lead to, with the guests
 * that the text names; it answers what those rules report about the files at hand.
 */
export function explain(text: string, findings: (clue: Clue) => readonly FoundReport[]): Explanation {
  const lines = plain(text).split(/\r\n|\r|\n/);
  const sightings = sightingsIn(lines);
  if (sightings.length === 0) return { matches: [] };
  const rules = new Set(sightings.flatMap(({ symptom }) => symptom.rules));
  const found = findings({ guests: guestsIn(lines), rules });
  return { matches: sightings.map(one => toMatch(one, found)) };
}

interface Sighting {
  readonly symptom: Symptom;
  readonly line: number;
  readonly found: RegExpExecArray;
}

/** The longest line that is looked at; messages are shorter, and a command line of QEMU is no message. */
const longest = 4000;

/** Each known message once, where it is seen first. Terminals wrap lines: where no line is known, all of them as one are tried. */
function sightingsIn(lines: readonly string[]): readonly Sighting[] {
  const single = lines.flatMap((text, line) => sightingsOn(text.slice(0, longest), line));
  const all = single.length > 0 ? single : sightingsOn(lines.join(' ').replace(/ +/g, ' ').slice(0, longest), 0);
  const seen = new Set<string>();
  return all.filter(({ symptom, found }) => {
    const key = `${symptom.meaning} ${found.groups?.key ?? ''} ${found.groups?.address ?? ''} ${found.groups?.value ?? ''}`;
    return !seen.has(key) && seen.add(key);
  });
}

function sightingsOn(text: string, line: number): readonly Sighting[] {
  return symptoms.flatMap(symptom => {
    const found = symptom.pattern.exec(text);
    return found ? [{ symptom, line, found }] : [];
  });
}

function toMatch({ symptom, line, found }: Sighting, reports: readonly FoundReport[]): Match {
  const groups = found.groups ?? {};
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => groups[name] ?? groups[`${name}2`] ?? unnamed[name] ?? 'it');
  const own = reports
    .filter(({ rule }) => symptom.rules.includes(rule))
    .sort((a, b) => symptom.rules.indexOf(a.rule) - symptom.rules.indexOf(b.rule));
  return {
    excerpt: found[0],
    line,
    meaning: fill(symptom.meaning),
    advice: fill(symptom.advice),
    rules: symptom.rules,
    findings: narrowed(own, groups),
  };
}

/** What stands for something that a shortened message does not name. */
const unnamed: Readonly<Record<string, string>> = {
  address: 'the device',
  key: 'the line',
  vmid: 'of another',
  value: 'of that name',
};

/** Findings on the line of the option, or about the device, that the message names; all of them where none is. */
function narrowed(reports: readonly FoundReport[], { key, address }: Record<string, string | undefined>) {
  const ofKey = key === undefined ? [] : reports.filter(({ text }) => text.startsWith(`${key}:`));
  if (ofKey.length > 0) return ofKey;
  if (address === undefined) return reports;
  const short = address.replace(/^0000:/, '');
  const ofDevice = reports.filter(({ text, message }) => text.includes(short) || message.includes(short));
  return ofDevice.length > 0 ? ofDevice : reports;
}

/** Typographic quotes as people's chat programs make them, and colours of terminals. */
const plain = (text: string): string =>
  text
    .replace(/\u001b\[[0-9;]*m/g, '')
    .replace(/[\u2018\u2019`\u00b4]/g, "'")
    .replace(/[\u201c\u201d]/g, '"');

const guestMentions: readonly RegExp[] = [
  /\b(?:vm|ct|vmid|qm start|pct start)[ :'#]{1,3}(\d{3,9})\b/gi,
  /\b(\d{3,9})\.conf\b/g,
  /:(?:qmstart|vzstart|qmreboot|qmigrate|vzdump):(\d{3,9}):/g,
  /-id (\d{3,9}) -name\b/g,
];

function guestsIn(lines: readonly string[]): ReadonlySet<number> {
  const text = lines.join('\n');
  return new Set(guestMentions.flatMap(pattern => [...text.matchAll(pattern)].map(found => Number(found[1]))));
}
