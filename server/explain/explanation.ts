import type { Report } from '../rules/rule.ts';

/** What a pasted text (QEMU, qm start, a task log, dmesg) is a symptom of. */
export interface Explanation {
  /** In the order of the text. */
  readonly matches: readonly Match[];
}

/** One known message that the text contains. */
export interface Match {
  /** The stretch of the text that is known, as it stands there; the line in the text, from 0. */
  readonly excerpt: string;
  readonly line: number;
  /** What it means, in our words. */
  readonly meaning: string;
  /** What to do, or where to look. */
  readonly advice: string;
  /** Rules that find the cause in files, the likeliest first. */
  readonly rules: readonly string[];
  /** What those rules report about the files at hand. */
  readonly findings: readonly FoundReport[];
}

/** A finding with the file that it is in, and the first line that it marks. */
export type FoundReport = Report & { readonly uri: string; readonly text: string };
