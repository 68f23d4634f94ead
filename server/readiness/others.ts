import { usersOf } from '../facts/deviceUse.ts';
import type { Claim } from '../languages/language.ts';
import { textOfProperty } from '../languages/vmConf/config.ts';
import { settingsAtStart } from '../languages/vmConf/start.ts';
import { vmConf } from '../languages/vmConf/vmConf.ts';
import { siblingsOf } from '../workspace/world.ts';
import { fact } from './evidence.ts';
import type { Evidence, Stage } from './readiness.ts';
import type { Scene } from './scene.ts';
import { type Draft, notAsked, passed, skipped, stage, step, unknown, warning } from './step.ts';

/** Who else wants the device, and what a VM with it cannot do. */
export const othersStage = (scene: Scene): Stage =>
  stage('others', 'Other guests, and what to know', [
    step(scene, 'other-guests', 'No other guest claims it', otherGuests(scene)),
    step(scene, 'held-now', 'Nobody else holds it now', heldNow(scene)),
    step(scene, 'migration', 'The VM can move to another node', migration(scene)),
    step(scene, 'snapshots', 'Snapshots leave the memory out', snapshots(scene)),
    step(scene, 'rights', 'Who may change it', rights(scene)),
  ]);

function otherGuests(scene: Scene): Draft {
  const { world, anchor, guest, units } = scene;
  const whole = units.filter(unit => unit.kind !== 'mediated');
  if (whole.length === 0) return skipped('Nothing is handed over whole.');
  const claims = unique(
    whole
      .flatMap(unit => unit.functions)
      .flatMap(fn => usersOf(world, anchor, fn.address))
      .filter(claim => claim.by !== 'mapping' && claim.uri !== anchor.uri),
  );
  if (!guest && claims.length < 2)
    return passed(
      claims.length === 0
        ? `${countOfVms(scene)}: none claims it.`
        : `${claims[0]?.label} gets it, and no other guest that is known.`,
    );
  const told = scene.findings.map(({ report }) => report.message).join('\n');
  const untold = claims.filter(({ label }) => !told.includes(/^\w+ \d+/.exec(label)?.[0] ?? label));
  if (claims.length > 0) return warning(untold.map(claimText), 'Only one of them can run at a time.');
  const unread = unreadGuests(scene);
  if (unread.length > 0)
    return unknown(
      `The configuration of ${unread.map(id => `VM ${id}`).join(', ')} is not known.`,
      'Ask the host as root, or open a copy of /etc/pve.',
    );
  return passed(`${countOfVms(scene)}: no other claims it.`);
}

const countOfVms = ({ world, anchor }: Scene): string => {
  const count = siblingsOf(world, anchor, vmConf).length;
  return `${count} ${count === 1 ? 'VM is' : 'VMs are'} known`;
};

const claimText = (claim: Claim): Evidence => ({
  text: `${claim.label} claims ${claim.address}.`,
  uri: claim.uri,
  span: claim.span,
});

/** One claim a guest says enough. */
function unique(claims: readonly Claim[]): readonly Claim[] {
  const seen = new Set<string>();
  return claims.filter(({ uri }) => !seen.has(uri) && seen.add(uri));
}

/** Guests that the host has and whose configuration is in no file. */
function unreadGuests({ world, anchor, inventory }: Scene): readonly number[] {
  const known = new Set(siblingsOf(world, anchor, vmConf).map(({ place }) => place.vmid));
  return (inventory?.guests ?? [])
    .filter(({ kind, vmid }) => kind === 'qemu' && !known.has(vmid))
    .map(({ vmid }) => vmid);
}

function heldNow({ inventory, units, guest }: Scene): Draft {
  if (!inventory) return notAsked();
  if (!inventory.reservations)
    return {
      ...unknown('The reservations of Proxmox are not known.', 'See "cat /run/qemu-server/pci-id-reservations".'),
      isAdvice: true,
    };
  const addresses = new Set<string>(
    units.filter(unit => unit.kind !== 'mediated').flatMap(unit => unit.functions.map(fn => fn.address)),
  );
  const held = inventory.reservations.filter(one => addresses.has(one.address));
  const others = held.filter(one => one.vmid !== guest?.place.vmid);
  if (guest && others.length > 0)
    return warning(
      others.map(one => fact(`VM ${one.vmid} holds ${one.address}.`)),
      'Shut that VM down first.',
    );
  return passed(
    ...held.map(one => fact(`VM ${one.vmid} holds ${one.address}.`)),
    ...(held.length === 0 ? ['No function of it is reserved.'] : []),
  );
}

function migration({ inventory, guest }: Scene): Draft {
  if (!guest) return skipped('No VM is asked about.');
  const nodes = inventory?.cluster?.nodes.length;
  if (nodes === undefined) return skipped('Nothing is known of a cluster.');
  if (nodes < 2) return skipped('The host has no cluster.');
  const raw = settingsAtStart(guest)
    .family('hostpci')
    .filter(entry => textOfProperty(entry, 'mapping') === undefined);
  return raw.length > 0
    ? skipped(
        `${raw.map(({ key }) => key).join(', ')} names a device of this node: the VM cannot be migrated. With a mapping it can, while it is shut down.`,
      )
    : passed(
        'All its devices are mapped: it can be migrated while it is shut down, running only with live-migration-capable devices.',
      );
}

const snapshots = ({ guest, units }: Scene): Draft =>
  guest && units.length > 0
    ? skipped(
        'The state of a device cannot be saved: take snapshots without RAM, and do not suspend to disk. Backups work.',
      )
    : skipped('No VM is asked about that has a device.');

const rights = ({ guest, units }: Scene): Draft =>
  guest && units.length > 0
    ? skipped(
        'Only root@pam (no API token) may set host= and romfile=; with a mapping Mapping.Use and VM.Config.HWType are enough.',
      )
    : skipped('No VM is asked about that has a device.');
