import { compareVersions } from '../../values/version.ts';
import type { Suggestion } from '../language.ts';
import { architectureOf } from './machine.ts';
import { schemaTable } from './schemaTable.generated.ts';
import { suggest } from './suggest.ts';
import { settingsOf, type ValueRequest } from './valueRequest.ts';

/**
 * Versions of QEMU for which Proxmox has machine types, newest first. qemu-server 9 accepts none older than 6.0.
 * Source: pve-qemu-kvm releases; qemu-server 9.2.6, PVE/QemuServer/Machine.pm.
 */
const qemuVersions: readonly string[] = [
  '11.0',
  '10.2',
  '10.1',
  '10.0',
  '9.2',
  '9.1',
  '9.0',
  '8.2',
  '8.1',
  '8.0',
  '7.2',
  '7.1',
  '7.0',
  '6.2',
  '6.1',
  '6.0',
];

/** Machine types without a version, then with every version up to the host's QEMU; q35 before i440fx. */
export function machineTypes(request: ValueRequest): readonly Suggestion[] {
  const isArm = architectureOf(settingsOf(request)) === 'aarch64';
  const plain = isArm ? ['virt'] : ['q35', 'pc'];
  const stems = isArm ? ['virt'] : ['pc-q35', 'pc-i440fx'];
  const versions = knownVersions(request.around.versions.qemu);
  return [
    ...plain.map((label, rank) =>
      suggest(request.target, label, 'value', {
        rank,
        detail: 'newest version',
        documentation: request.about?.values?.[label] ?? '',
      }),
    ),
    ...stems.flatMap((stem, family) =>
      versions.map((version, age) =>
        suggest(request.target, `${stem}-${version}`, 'value', {
          rank: 100 + family * 200 + age,
          detail: `QEMU ${version}`,
        }),
      ),
    ),
  ];
}

/** `9.2+pve1`, `9.2`, `9.1`, …: versions that a host with this QEMU has, Proxmox's own revisions before the plain ones. */
const knownVersions = (qemu: string | undefined): readonly string[] =>
  qemuVersions
    .filter(version => qemu === undefined || compareVersions(version, minorOf(qemu)) <= 0)
    .flatMap(version => [...revisionsOf(version), version]);

function revisionsOf(version: string): readonly string[] {
  const last = schemaTable.pveRevisions[version] ?? 0;
  return Array.from({ length: last }, (_, at) => `${version}+pve${last - at}`);
}

const minorOf = (version: string): string => version.split(/[.-]/).slice(0, 2).join('.');
