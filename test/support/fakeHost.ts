import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The shells under which the collector must run, as argument lists. */
export const shells = { dash: ['dash'], 'busybox ash': ['busybox', 'ash'] } as const;
export type Shell = keyof typeof shells;

const collector = fileURLToPath(new URL('../../host/collect.sh', import.meta.url));
const captures = fileURLToPath(new URL('../hosts', import.meta.url));

/** All files of a fake host are this old, and its clock stands still, so that its snapshots never change. */
const fileTime = new Date('2026-02-01T08:30:00Z');
export const clock = '2026-02-03T04:05:06Z';

export interface CollectOptions {
  /** The PATH; by default the host's own commands and those of this machine. */
  readonly path?: string;
  /** Another script than the collector as it is. */
  readonly script?: string;
  /** More variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Number of the user that runs it; only root may become somebody else. */
  readonly user?: number;
}

/** In memory, if need be on a disk: that takes ten times as long for the thousand small files of a host. */
const folderOfHosts = ['/dev/shm', tmpdir()].find(canExecuteIn) ?? tmpdir();

/** A copy of the parts of a host that the collector reads, in a temporary folder. */
export class FakeHost {
  readonly root = mkdtempSync(join(folderOfHosts, 'hostpci-host-'));

  constructor() {
    this.command('date', `echo ${clock}`);
  }

  file(path: string, text: string | Uint8Array): void {
    const full = join(this.root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
    utimesSync(full, fileTime, fileTime);
  }

  folder(path: string): void {
    mkdirSync(join(this.root, path), { recursive: true });
  }

  /** A symbolic link to another path of this host, relative as in sysfs; what it leads to is made if need be. */
  link(path: string, target: string): void {
    const full = join(this.root, path);
    mkdirSync(dirname(full), { recursive: true });
    if (!existsSync(join(this.root, target))) this.folder(target);
    rmSync(full, { force: true });
    symlinkSync(relative(dirname(full), join(this.root, target)), full);
  }

  /** A command that the host has, as the body of a shell script. */
  command(name: string, body: string): void {
    this.file(`bin/${name}`, `#!/bin/sh\n${body}\n`);
    chmodSync(join(this.root, 'bin', name), 0o755);
  }

  /** One function with its attributes, in `/sys/devices` below its parent and in `/sys/bus/pci/devices`. */
  device(address: string, path: string, attributes: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(attributes)) this.file(`${path}/${name}`, `${value}\n`);
    this.link(`/sys/bus/pci/devices/${address}`, path);
  }

  /** Runs the collector over this host and returns what it prints. */
  collect(shell: Shell, options: CollectOptions = {}): string {
    const [name, ...args] = shells[shell];
    const command = locate(name);
    const path = options.path ?? `${this.root}/bin:/usr/bin:/bin:/usr/sbin:/sbin`;
    const env = { PATH: path, HOSTPCI_ROOT: this.root, ...options.environment };
    const script = options.script ?? readFileSync(collector, 'utf8');
    const user = options.user === undefined ? {} : { uid: options.user, gid: options.user };
    const io = { input: script, env, encoding: 'utf8', maxBuffer: 1 << 26 } as const;
    if (options.user !== undefined) chmodSync(this.root, 0o755);
    const done = spawnSync(command, [...args, '-s'], { ...io, ...user });
    assert.equal(done.error, undefined);
    assert.equal(done.stderr, '', `${shell} complained`);
    return done.stdout;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Whether a host's own commands could run in this folder; containers often mount their shared memory without that right. */
function canExecuteIn(folder: string): boolean {
  const probe = join(folder, `hostpci-probe-${process.pid}`);
  try {
    writeFileSync(probe, '#!/bin/sh\n', { mode: 0o755 });
    return spawnSync(probe).status === 0;
  } catch {
    return false;
  } finally {
    rmSync(probe, { force: true });
  }
}

/** Where a program is, by the PATH of the tests and not by that of a fake host. */
function locate(program: string): string {
  const found = spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
  assert.ok(found, `${program} is missing: apt-get install -y dash busybox`);
  return found;
}

/** The states of real hosts of which captures are kept in `test/hosts`. */
export const captureNames: readonly string[] = readdirSync(captures, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name)
  .sort();

/** One file of a capture; empty where the capture lacks it. */
export function captured(capture: string, name: string): string {
  const path = join(captures, capture, `${name}.txt`);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** Rebuilds the host of a capture. */
export function replay(capture: string): FakeHost {
  const host = new FakeHost();
  const of = (name: string) => captured(capture, name);
  rebuildDevices(host, of);
  rebuildClasses(host, of);
  rebuildFiles(host, of);
  host.file('/proc/cmdline', of('proc-cmdline'));
  host.file('/proc/modules', of('proc-modules'));
  host.file('/proc/mounts', of('proc-mounts'));
  host.file('/proc/fb', of('proc-fb'));
  host.file('/proc/cpuinfo', `${of('cpuinfo-first').trimEnd()}\n\n`);
  host.file('/proc/meminfo', 'MemTotal:        1498844 kB\nMemFree:          711212 kB\n');
  host.file('/proc/stat', 'cpu  1 2 3 4\nbtime 1769923800\nprocesses 400\n');
  host.file('/proc/sys/kernel/osrelease', of('uname-r'));
  host.file('/proc/sys/kernel/hostname', `${capture}\n`);
  host.folder('/sys/firmware');
  if (of('bootmode').trim() !== 'bios') host.folder('/sys/firmware/efi');
  host.file('/lspci', of('lspci-Dvmmnnk'));
  host.command('lspci', `[ "$*" = -Dvmmnnk ] && cat "$HOSTPCI_ROOT/lspci"`);
  host.file('/dmesg', of('dmesg-dmar-iommu'));
  host.command('dmesg', 'cat "$HOSTPCI_ROOT/dmesg"');
  host.command('dpkg-query', 'echo "kmod 30+20221128-1 installed"; echo "pciutils 1:3.9.0-4 installed"; exit 1');
  for (const name of ['modinfo', 'lvs', 'pvs', 'zpool', 'zfs', 'ip']) host.command(name, 'exit 1');
  return host;
}

type CaptureFile = (name: string) => string;

const lines = (text: string): string[] => text.split('\n').filter(line => line !== '');

function rebuildDevices(host: FakeHost, of: CaptureFile): void {
  const links = lines(of('sysfs-links')).map(
    line => /^(\S+) (\S+) -> (\S+)$/.exec(line)!.slice(1) as [string, string, string],
  );
  const paths = new Map(
    links.flatMap(([address, name, target]) => (name === 'path' ? [[address, target] as const] : [])),
  );
  for (const [address, path] of paths) host.device(address, path, {});
  for (const line of lines(of('sysfs-attrs'))) {
    const [, address, name, value] = /^([^/]+)\/([^:]+):(.*)$/.exec(line)!;
    host.file(`${paths.get(address!)}/${name}`, `${value}\n`);
    // The kernel offers `reset` exactly where it has a method for it.
    if (name === 'reset_method') host.file(`${paths.get(address!)}/reset`, '');
    if (name === 'class' && value!.startsWith('0x0604')) host.folder(`${paths.get(address!)}/pci_bus`);
  }
  for (const [address, name, target] of links) {
    const last = target.split('/').at(-1)!;
    if (name === 'driver') host.link(`${paths.get(address)}/driver`, `/sys/bus/pci/drivers/${last}`);
    if (name === 'iommu_group') host.link(`${paths.get(address)}/iommu_group`, `/sys/kernel/iommu_groups/${last}`);
    if (name === 'iommu') host.link(`/sys/class/iommu/${last}`, `/sys/devices/virtual/iommu/${last}`);
    if (name === 'physfn' || name.startsWith('virtfn')) host.link(`${paths.get(address)}/${name}`, paths.get(last)!);
  }
  host.folder('/sys/class/iommu');
  rebuildResources(host, paths, lines(of('sysfs-resource')));
  for (const line of lines(of('mdev-types'))) {
    const [, address, name, value] = /^([^/]+)\/([^:]+):(.*)$/.exec(line)!;
    host.file(`${paths.get(address!)}/${name}`, `${value}\n`);
  }
  for (const line of lines(of('iommu_groups-attrs'))) {
    const [, path, value] = /^(\/sys\/[^:]+):(.*)$/.exec(line) ?? [];
    if (path) host.file(path, `${value}\n`);
  }
}

function rebuildResources(host: FakeHost, paths: ReadonlyMap<string, string>, resources: readonly string[]): void {
  const texts = new Map<string, string[]>();
  for (const line of resources) {
    const [, address, value] = /^([^/]+)\/resource:(.*)$/.exec(line)!;
    texts.set(address!, [...(texts.get(address!) ?? []), value!]);
  }
  for (const [address, values] of texts) {
    host.file(`${paths.get(address)}/resource`, `${values.join('\n')}\n`);
    const rom = values[6];
    if (rom && !rom.startsWith('0x0000000000000000 0x0000000000000000')) host.file(`${paths.get(address)}/rom`, '');
  }
}

/** Network, block and display devices: `ls -l` of `/sys/class/…` and `/sys/block`. */
function rebuildClasses(host: FakeHost, of: CaptureFile): void {
  let folder = '';
  for (const line of lines(`${of('sys-class-net-block')}\n${of('sys-class-graphics')}`)) {
    folder = /^(\/sys\/\S+?)\/?:$/.exec(line)?.[1] ?? folder;
    const [, name, target] = /(\S+) -> (?:\.\.\/)+(devices\/\S+)$/.exec(line) ?? [];
    if (!name) continue;
    const path = `/sys/${target}`;
    host.link(`${folder}/${name}`, path);
    if (folder === '/sys/block') host.link(`/sys/class/block/${name}`, path);
    const device = /^(.*\/[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])\//.exec(path)?.[1];
    if (device && folder === '/sys/class/net') host.link(`${path}/device`, device);
    if (folder === '/sys/class/drm') host.file(`/dev/dri/${name}`, '');
    const [, subsystem, controller] = /^nvme(\d+)c(\d+)n\d+$/.exec(name) ?? [];
    if (subsystem) {
      const below = `/sys/devices/virtual/nvme-subsystem/nvme-subsys${subsystem}`;
      host.link(`${below}/nvme${controller}`, dirname(path));
    }
  }
}

/** `==> PATH <==` before each file, as `tail` and `head` print it. */
function rebuildFiles(host: FakeHost, of: CaptureFile): void {
  for (const name of ['config-files', 'modprobe.d-contents']) {
    for (const part of of(name).split(/^==> /m).slice(1)) {
      const [, path, text] = /^(\S+) <==\n([\s\S]*)$/.exec(part) ?? [];
      if (path) host.file(path, text!);
    }
  }
  for (const line of lines(of('module-params'))) {
    const [, path, value] = /^(\/sys\/[^:]+):(.*)$/.exec(line) ?? [];
    if (path) host.file(path, `${value}\n`);
  }
}
