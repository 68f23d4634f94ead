import assert from 'node:assert/strict';
import { assess } from '../../../server/readiness/assess.ts';
import type { Readiness, Step, Subject } from '../../../server/readiness/readiness.ts';
import { rethrow } from '../../support/check.ts';
import { readSite, type Site, siteRoot } from '../../support/site.ts';

/** Where a test's VM stands. */
export const guestUri = `${siteRoot}/etc/pve/nodes/pve1/qemu-server/100.conf`;
export const hostUri = `${siteRoot}/pve1.snapshot`;
export const run = { onCrash: rethrow };

/** Sections of a snapshot, as one text. */
export const host = (...sections: readonly string[]): string =>
  `hostpci snapshot 1\n== host: ok\nnode: pve1\n${sections.map(text => (text.endsWith('\n') ? text : `${text}\n`)).join('')}== end\n`;

/** A VM with its lines, and further files behind it. */
export const vm = (lines: string, files = ''): string =>
  `--- etc/pve/nodes/pve1/qemu-server/100.conf\n${lines}\n${files}`;

export const siteOf = (files: string, snapshot?: string): Site =>
  readSite(files, snapshot === undefined ? {} : { host: snapshot });

export function readinessOf(site: Site, subject: Subject = { kind: 'guest', uri: guestUri }): Readiness {
  const assessment = assess(site.world, subject, run);
  assert.ok(assessment, 'there is no such subject');
  return assessment.readiness;
}

export const stepsOf = (readiness: Readiness): readonly Step[] => readiness.stages.flatMap(one => one.steps);

/** The first step of an id. */
export function stepOf(readiness: Readiness, id: string): Step {
  const found = stepsOf(readiness).find(one => one.id === id);
  assert.ok(found, `no step ${id} in ${stepsOf(readiness).map(one => one.id)}`);
  return found;
}

export const textOf = (step: Step): string =>
  [step.title, ...step.evidence.map(({ text }) => text), step.advice ?? ''].join('\n');
