import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { isPassiveMember, slotMembers } from '../../../host/inventory.ts';
import { parseListing } from '../../../host/listing.ts';
import { slotOf } from '../../../host/pciAddress.ts';
import { vmConf } from '../../../server/languages/vmConf/vmConf.ts';
import { rules } from '../../../server/rules/index.ts';
import type { Report } from '../../../server/rules/rule.ts';
import { ruleSet, runRules } from '../../../server/rules/run.ts';
import type { World } from '../../../server/workspace/world.ts';
import { rethrow } from '../../support/check.ts';
import { readFile, readSite, siteRoot } from '../../support/site.ts';
import { startHost, startSite } from '../vmConf/startFixture.ts';

/** Rules about devices and the host: those that the real program's verdicts on files do not cover. */
const aboutHosts = ruleSet(
  rules.filter(({ id }) => /^(?:backup|bind|conflict|drift|firmware|ha|iommu|mdev|migrate)\//.test(id)),
);
const allRules = ruleSet(rules);

const starts = readFileSync(new URL('../../verdicts/vm-start.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as { readonly id: number; readonly text: string; readonly verdict: { ok: boolean } })
  .filter(({ verdict }) => verdict.ok);

function reportsOn(text: string, world: World, set = aboutHosts): readonly Report[] {
  const file = readFile(`${siteRoot}/etc/pve/nodes/pve1/qemu-server/100.conf`, text, vmConf);
  return runRules(set, file, { ...world, files: new Map(world.files).set(file.uri, file) }, rethrow);
}

suite('false alarms', () => {
  test(`without a host, nothing about hosts on any of the ${starts.length} configs that start`, () => {
    const { world } = readSite(startSite);
    const found = starts.flatMap(({ id, text }) => reportsOn(text, world).map(({ rule }) => `${id} ${rule}`));
    assert.deepEqual(found, []);
  });

  for (const complete of [false, true]) {
    test(`on the host that gave the verdicts, ${complete ? 'all of it known' : 'known in part'}, 0 errors on the ${starts.length}`, () => {
      const { world } = readSite(startSite, { host: { ...startHost, complete } });
      const found = starts.flatMap(({ id, text }) =>
        reportsOn(text, world, allRules)
          .filter(({ severity }) => severity === 'error')
          .map(({ rule, message }) => `${id} ${rule}: ${message}`),
      );
      assert.deepEqual(found, []);
    });
  }

  const listings = new URL('../../listings/', import.meta.url);
  for (const name of readdirSync(listings).filter(file => file.endsWith('.txt'))) {
    test(`listing ${name}: each device can be given away whole`, () => {
      const host = parseListing(readFileSync(new URL(name, listings), 'utf8'));
      const devices = host.functions.filter(fn => !isPassiveMember(fn) && !hasReason(fn.vendorId, fn.deviceId));
      const slots = new Set(devices.map(fn => slotOf(fn.address)).filter(slot => /^[0-9a-f]{4}:/.test(slot)));
      for (const slot of slots) {
        if (slotMembers(host, slot).some(isPassiveMember)) continue;
        const { world } = readSite('cores: 1\n', { language: vmConf, host });
        const found = reportsOn(`hostpci0: ${slot}\n`, world).filter(({ rule }) => rule !== 'bind/host-driver-at-boot');
        assert.deepEqual(
          found.map(({ rule, message }) => `${rule}: ${message}`),
          [],
          slot,
        );
      }
    });
  }
});

/** QuickAssist devices, which vfio-pci does refuse. */
const hasReason = (vendor: string | undefined, device: string | undefined): boolean =>
  vendor === '8086' && ['19e2', '37c8', '0435'].includes(device ?? '');
