import assert from 'node:assert/strict';
import { assess } from '../../../server/readiness/assess.ts';
import { maskFor } from '../../../server/readiness/mask.ts';
import { markdownReport } from '../../../server/readiness/report.ts';
import { guestUri, host, run, siteOf, vm } from './support.ts';

/** The report for a forum: it must not say more than a stranger may know. */

const secrets = {
  node: 'hetzner-fsn1-7',
  domain: 'hetzner-fsn1-7.acme-corp.example',
  other: 'hetzner-fsn1-8',
  cluster: 'acmecluster',
  vm: 'ceo-laptop',
  otherVm: 'payroll-db',
  ct: 'nextcloud-jane',
  mac: 'BC:24:11:AA:BB:CC',
  uuid: '2f8a4d53-63f0-4b1e-9d0c-7f4cb1d3a0e6',
  ip: '203.0.113.77',
  ip6: '2001:db8:12::7',
  serial: 'S4EWNX0R123456',
  disk: 'ata-Samsung_SSD_870_S4EWNX0R999',
  storage: 'acme-ceph',
  pool: 'tank-jane',
  mount: '/mnt/jane-photos',
} as const;

const files = `--- etc/pve/nodes/${secrets.node}/qemu-server/101.conf
name: ${secrets.otherVm}
onboot: 1
hostpci0: 01:00.0
--- etc/pve/nodes/${secrets.node}/lxc/200.conf
hostname: ${secrets.ct}
dev0: /dev/dri/renderD128
`;
const mine = `--- etc/pve/nodes/${secrets.node}/qemu-server/100.conf
name: ${secrets.vm}
onboot: 1
hostpci0: 01:00.0,romfile=x.rom
smbios1: uuid=${secrets.uuid},serial=${secrets.serial}
net0: virtio=${secrets.mac},bridge=vmbr0,bogus=1
scsi1: /dev/disk/by-id/${secrets.disk},serial=${secrets.serial}
scsi2: ${secrets.storage}:vm-100-disk-0,serial=${secrets.serial}
ipconfig0: ip=${secrets.ip}/24,ip6=${secrets.ip6}/64
args: -uuid ${secrets.uuid} # ${secrets.domain}
${secrets.node} ${secrets.ip}
`;
const snapshot = host(
  `== cluster: ok\nname: ${secrets.cluster}`,
  `== cluster nodes: ok\n${secrets.node}\n  address: ${secrets.ip}\n${secrets.other}\n  address: ${secrets.ip6}`,
  '== pci functions: ok\n0000:01:00.0\n  class: 0300\n  vendor: 10de\n  device: 2584\n  group: 2\n0000:02:00.0\n  class: 0108\n  group: 2',
  `== host needs: ok\n0000:02:00.0\n  kind: disk\n  detail: /dev/disk/by-id/${secrets.disk}\n0000:02:00.0\n  kind: disk\n  detail: ${secrets.pool}\n0000:02:00.0\n  kind: disk\n  detail: ${secrets.mount}`,
  '== device nodes: ok\n/dev/dri/renderD128\n  pci: 0000:01:00.0',
  `== storages: ok\n${secrets.storage}\n  type: rbd`,
  `== kernel messages: ok\n  | vfio-pci 0000:01:00.0: Unable to change power state on ${secrets.domain} ${secrets.ip}, ${secrets.mac}`,
).replace('node: pve1', `node: ${secrets.node}`);

suite('readiness: report', () => {
  const { world } = siteOf(mine + files, snapshot);
  const uri = guestUri.replace('/pve1/', `/${secrets.node}/`);
  const assessment = assess(world, { kind: 'guest', uri }, run);
  assert.ok(assessment);
  const report = markdownReport(assessment);

  test('a node that only a mapping names is masked; words of our own sentences are not', () => {
    const site = siteOf(
      `${mine}--- etc/pve/mapping/pci.cfg\ngpu\n\tmap id=10de:2584,node=berlin-attic,path=0000:01:00.0\n`,
      host('== storages: ok\nshare\n  type: dir'),
    );
    const mask = maskFor(site.world, site.world.snapshots[0]?.inventory);
    assert.doesNotMatch(mask('The cluster has no node "berlin-attic".'), /berlin/);
    assert.equal(mask('Guests can be held to their share'), 'Guests can be held to their share');
  });

  test('the secrets are in what it is made of', () => {
    const raw = JSON.stringify(assessment.readiness);
    for (const name of ['vm', 'otherVm', 'ip', 'mac', 'disk', 'domain', 'pool', 'mount'] as const)
      assert.ok(raw.includes(secrets[name]), `${name} is not in the readiness, so that nothing is tested`);
  });

  for (const [name, secret] of Object.entries(secrets)) {
    test(`does not tell the ${name}`, () => {
      assert.equal(report.toLowerCase().includes(secret.toLowerCase()), false, report);
    });
  }

  test('keeps what helps: VMIDs, addresses, ids, the group', () => {
    for (const kept of ['VM 100', '0000:01:00.0', '10de:2584', 'IOMMU group 2', 'VM 101', '❌'])
      assert.ok(report.includes(kept), kept);
  });

  test('says the host, the counts and the commands', () => {
    assert.match(report, /^### PCI passthrough: VM 100$/m);
    assert.match(report, /\*\*❌ \d+ failed, .*passed\*\*/);
    assert.match(report, /\*\*To run on the host, in this order\*\*\n1\. `/);
  });

  test('text from files cannot become Markdown', () => {
    const evil = siteOf(
      vm('name: x\nhostpci0: 01:00.0\n<img src=x onerror=alert(1)> [a](https://e.example) `code` **b**'),
      host(),
    );
    const made = assess(evil.world, { kind: 'guest', uri: guestUri }, run);
    assert.ok(made);
    const text = markdownReport(made);
    assert.doesNotMatch(text, /(?<!\\)<img|(?<!\\)\[a\]|(?<!\\)\*\*b/);
  });
});

suite('readiness: mask', () => {
  const mask = maskFor(siteOf(mine + files, snapshot).world, undefined);

  test('PCI addresses and ids are no MAC and IP addresses', () => {
    for (const text of [
      '0000:01:00.0',
      '10de:2584,10de:2291',
      '8086:1539:1849:1539',
      'version 6.17.13-2-pve',
      '9.2.6',
      '10000:e1:00.0',
      'BAR 1 [mem 0xc0000000-0xcfffffff 64bit pref]',
    ])
      assert.equal(mask(text), text);
  });

  test('names are found whole, and with a domain', () => {
    assert.equal(mask(`on ${secrets.vm}.`), 'on vm-100.');
    assert.equal(mask(`of ${secrets.ct}, there`), 'of ct-200, there');
    assert.equal(mask(`x${secrets.vm}y`), `x${secrets.vm}y`);
    assert.equal(mask(`${secrets.domain}: down`), 'node-1: down');
  });

  test('a label keeps its number, whatever the name', () => {
    assert.equal(mask('VM 101 (media) and CT 102 (a b)'), 'VM 101 and CT 102');
  });

  test('long texts of half-made addresses and labels come to an end', () => {
    for (const text of ['a:'.repeat(50_000), '1.'.repeat(50_000), `VM 1 (${'('.repeat(50_000)}`])
      assert.equal(mask(text), text);
  });
});
