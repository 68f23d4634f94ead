import { readdir, stat } from 'node:fs/promises';
import { parseSlotOrFunction } from '../../host/pciAddress.ts';
import { ctConf } from '../languages/ctConf/ctConf.ts';
import { assess } from '../readiness/assess.ts';
import type { RuleRun } from '../readiness/findings.ts';
import type { Subject } from '../readiness/readiness.ts';
import { markdownReport } from '../readiness/report.ts';
import { guestsOf, vmsOf } from '../readiness/subjects.ts';
import { nearest } from '../text/nearest.ts';
import { emptyWorld, filesOf, type World } from '../workspace/world.ts';
import { type Assessed, asJson, asText } from './doctorOutput.ts';
import { type LoadedPaths, loadPaths } from './loadPaths.ts';
import { listed, noSuchDevice } from './noSuchDevice.ts';
import { type Output, printable } from './textFile.ts';

export interface DoctorOptions {
  readonly snapshot?: string;
  readonly format: 'text' | 'json' | 'markdown';
}

/**
 * Prints the way from the firmware to the guest for a VM, a device, or a host with all its VMs that take devices. Answers the
 * exit code: 0 ready as far as it is known, 1 a step failed, 2 could not run.
 */
export async function doctor(args: readonly string[], options: DoctorOptions, output: Output): Promise<number> {
  const asked = readArguments(args);
  if ('problem' in asked) return refuse(output, asked.problem);
  const loaded = await load(asked.path, options);
  if (loaded.problems.length > 0) return refuse(output, ...loaded.problems);
  const subjects = subjectsFor(loaded.world, asked.subject);
  if ('problem' in subjects) return refuse(output, subjects.problem);
  const crashes: string[] = [];
  const run: RuleRun = {
    onCrash: (rule, file, error) => crashes.push(`rule ${rule.id} failed on ${file.place.path}: ${String(error)}`),
  };
  const found = subjects.flatMap(subject => {
    const assessment = assess(loaded.world, subject, run);
    return assessment ? [{ subject, assessment }] : [];
  });
  for (const crash of crashes) output.err(printable(crash));
  output.out(print(found, options.format));
  if (crashes.length > 0) return 2;
  return found.some(one => one.assessment.readiness.state === 'failed') ? 1 : 0;
}

function print(found: readonly Assessed[], format: DoctorOptions['format']): string {
  if (format === 'json') return asJson(found);
  if (format === 'text') return asText(found);
  return found.map(({ assessment }) => markdownReport(assessment)).join('\n---\n\n');
}

function refuse(output: Output, ...problems: readonly string[]): 2 {
  for (const problem of problems) output.err(printable(problem));
  return 2;
}

type Named = { readonly vmid: number } | { readonly slot: string; readonly address: string | undefined };

/** `[SUBJECT] [PATH]`: what is neither a VMID nor an address is a path. */
function readArguments(
  args: readonly string[],
): { readonly subject: Named | undefined; readonly path: string | undefined } | { readonly problem: string } {
  const [first, second] = args;
  const subject = first === undefined ? undefined : readSubject(first);
  if (first === undefined || subject) return { subject, path: second };
  if (second === undefined) return { subject: undefined, path: first };
  return { problem: `${first}: neither a VMID (101) nor a PCI address (01:00.0)` };
}

function readSubject(text: string): Named | undefined {
  if (/^[1-9][0-9]{2,8}$/.test(text)) return { vmid: Number(text) };
  const read = parseSlotOrFunction(text);
  return read && { slot: read.slot, address: read.function };
}

/** The tree that is named, or the one in this directory; else the only snapshot here. */
async function load(path: string | undefined, { snapshot }: DoctorOptions): Promise<LoadedPaths> {
  const options = snapshot === undefined ? {} : { snapshot };
  if (path !== undefined)
    return (await exists(path))
      ? loadPaths([path], options)
      : nothing(`${path}: neither a VMID (101), a PCI address (01:00.0) nor a file or directory`);
  const isTree = await exists('etc');
  if (isTree || snapshot !== undefined) return loadPaths(isTree ? ['.'] : [], options);
  const names = (await readdir('.').catch(() => [])).filter(name => name.endsWith('.snapshot'));
  const [only, ...more] = names;
  if (only !== undefined && more.length === 0) return loadPaths([], { snapshot: only });
  const loaded = await loadPaths(['.'], {});
  if (loaded.problems.length === 0) return loaded;
  const found = names.length === 0 ? 'no snapshot' : `${names.length} snapshots`;
  return nothing(
    `no tree of a host (a directory with an etc/) and ${found} in this directory: name one, or give --snapshot FILE`,
  );
}

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;

const nothing = (problem: string): LoadedPaths => ({ world: emptyWorld, asked: [], problems: [problem], unread: [] });

type Problem = { readonly problem: string };

function subjectsFor(world: World, named: Named | undefined): readonly Subject[] | Problem {
  if (named === undefined) return everything(world);
  return 'vmid' in named ? guestNamed(world, named.vmid) : deviceNamed(world, named.slot, named.address);
}

function everything(world: World): readonly Subject[] | Problem {
  const hosts = world.snapshots.map((host): Subject => ({ kind: 'host', host: host.uri }));
  const guests = guestsOf(world).map((file): Subject => ({ kind: 'guest', uri: file.uri }));
  if (hosts.length + guests.length > 0) return [...hosts, ...guests];
  return {
    problem: 'no VM here takes a PCI device, and no host has been asked (hostpci pull root@HOST -o host.snapshot)',
  };
}

function guestNamed(world: World, vmid: number): readonly Subject[] | Problem {
  const all = vmsOf(world);
  if (filesOf(world, ctConf).some(({ place }) => place.vmid === vmid))
    return { problem: `${vmid} is a container; PCI devices are passed to VMs alone` };
  const found = all.filter(({ place }) => place.vmid === vmid);
  if (found.length > 0) return found.map(({ uri }): Subject => ({ kind: 'guest', uri }));
  const known = [...new Set(all.flatMap(({ place }) => place.vmid ?? []))];
  if (known.length === 0) return { problem: `VM ${vmid}: no configuration of a VM is known here` };
  const near = nearest(String(vmid), known.map(String), 1);
  const which = near === undefined ? `known are ${listed(known.map(String))}` : `is it ${near}?`;
  return { problem: `VM ${vmid}: there is no such VM (${which})` };
}

function deviceNamed(world: World, slot: string, address: string | undefined): readonly Subject[] | Problem {
  const text = address ?? slot;
  if (world.snapshots.length === 0)
    return { problem: `${text}: no host has been asked for its devices (hostpci pull root@HOST -o host.snapshot)` };
  const found = world.snapshots.flatMap(host => {
    const fn = host.inventory.functions.find(one =>
      address === undefined ? one.address.startsWith(`${slot}.`) : one.address === address,
    );
    return fn ? [{ kind: 'device', host: host.uri, address: fn.address } as const] : [];
  });
  if (found.length > 0) return found;
  return { problem: noSuchDevice(world.snapshots, text, address === undefined) };
}
