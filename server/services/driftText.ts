import type { Change } from '../../host/drift.ts';
import type { Drift } from '../facts/drift.ts';
import { escapeMarkdown } from '../text/markdown.ts';

/** `3 changes since 2026-08-24 18:05 UTC`, for the row of a host; `undefined` where nothing changed. */
export function driftSummary(drift: Drift | undefined): string | undefined {
  if (!drift || drift.changes.length === 0) return undefined;
  const count = `${drift.changes.length} change${drift.changes.length === 1 ? '' : 's'}`;
  return drift.since === undefined ? count : `${count} since ${readableTime(drift.since)}`;
}

/** The changes as a Markdown list; of a great many only the first. */
export function driftList(drift: Drift | undefined): string | undefined {
  const summary = driftSummary(drift);
  if (!drift || summary === undefined) return undefined;
  const told = drift.changes.slice(0, mostTold).map(change => `- ${escapeMarkdown(change.text)}`);
  const rest = drift.changes.length - told.length;
  return `${summary}:\n\n${[...told, ...(rest > 0 ? [`- and ${rest} more`] : [])].join('\n')}`;
}

const mostTold = 25;

/** `was: nouveau, in group 3 with 01:00.1`, for the row of a device; `undefined` where it is as it was. */
export function wasText(changes: readonly Change[]): string | undefined {
  const told = changes.flatMap(change => change.was ?? []);
  return told.length === 0 ? undefined : `was: ${told.join(', ')}`;
}

/** A time in UTC as people read it, to the minute. */
export const readableTime = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;
