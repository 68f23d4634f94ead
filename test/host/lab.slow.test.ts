import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { functionAt, type Inventory } from '../../host/inventory.ts';
import { parseListing } from '../../host/listing.ts';
import { parsePciAddress } from '../../host/pciAddress.ts';
import { parseSnapshot } from '../../host/snapshot.ts';
import { assertAgrees, witnessScript } from '../support/witness.ts';

const run = promisify(execFile);
const { HOSTPCI_LAB: lab } = process.env;
const environment = { ...process.env, NAME: 'hostpci-test', PORT: '2290' };

/**
 * Boots a Linux host with an IOMMU and SR-IOV in QEMU and asks it over SSH. HOSTPCI_LAB names a folder with a guest that
 * was built, and with `boot-and-wait.sh`, `guest-ssh.sh COMMAND` and `stop-guest.sh`, which heed NAME and PORT.
 * It takes some minutes without KVM, and is therefore only run where the folder is named.
 */
(lab ? suite : suite.skip)('the collector on a host that runs', function () {
  this.timeout(900_000);

  let wasRunning = false;

  suiteSetup(async () => {
    wasRunning = await answers();
    if (!wasRunning) await run(join(lab!, 'boot-and-wait.sh'), { env: environment });
  });

  suiteTeardown(async () => {
    if (!wasRunning) await run(join(lab!, 'stop-guest.sh'), { env: environment });
  });

  test('agrees with the kernel and lspci while everything is on drivers of the host', async () => {
    const inventory = collect('sh');
    assert.deepEqual(inventory.gaps.filter(isUnexpected), []);
    assertAgrees(inventory, ask(witnessScript));
    assertSameAsLspci(inventory);
    assert.ok(inventory.hostNeeds.some(need => need.kind === 'root-disk'));
  });

  test('agrees under busybox ash', function () {
    if (ask('command -v busybox || true') === '') this.skip();
    assert.deepEqual(collect('busybox ash').functions, collect('sh').functions);
  });

  test('sees a virtual function that was made, and its binding to vfio-pci', () => {
    const pf = collect('sh').functions.find(fn => fn.vfTotal && fn.driver === 'nvme');
    assert.ok(pf, 'the lab has an NVMe controller with SR-IOV');
    ask(`echo 2 >/sys/bus/pci/devices/${pf.address}/sriov_numvfs; modprobe vfio-pci; sleep 2`);
    const before = collect('sh');
    const [first, second] = functionAt(before, pf.address)?.virtualFunctions ?? [];
    assert.ok(first && second);
    assert.equal(functionAt(before, first)?.physicalFunction, pf.address);
    const path = `/sys/bus/pci/devices/${first}`;
    ask(
      `echo vfio-pci >${path}/driver_override; test ! -e ${path}/driver || echo ${first} >${path}/driver/unbind; echo ${first} >/sys/bus/pci/drivers_probe`,
    );
    const after = collect('sh');
    const bound = functionAt(after, first);
    assert.deepEqual([bound?.driver, bound?.driverOverride], ['vfio-pci', 'vfio-pci']);
    assert.ok(after.loadedModules?.has('vfio_pci'));
    assertAgrees(after, ask(witnessScript));
  });
});

/** The lab's guest has folders like those of Proxmox VE, but nothing that is mounted there. */
const isUnexpected = (gap: string): boolean => !gap.includes('the cluster file system is not mounted');

/** Whether the guest runs already, and is therefore not ours to start and stop. */
const answers = (): Promise<boolean> =>
  run(join(lab!, 'guest-ssh.sh'), ['true'], { env: environment }).then(
    () => true,
    () => false,
  );

/** Runs a script on the host and returns what it prints. */
const ask = (input: string, shell = 'sh'): string =>
  execFileSync(join(lab!, 'guest-ssh.sh'), [`${shell} -s`], {
    env: environment,
    input,
    encoding: 'utf8',
    timeout: 240_000,
  });

const collect = (shell: string): Inventory =>
  parseSnapshot(ask(readFileSync(new URL('../../host/collect.sh', import.meta.url), 'utf8'), shell));

function assertSameAsLspci(inventory: Inventory): void {
  for (const fn of parseListing(ask('lspci -Dvmmnnk')).functions) {
    const ours = functionAt(inventory, parsePciAddress(fn.address)!);
    assert.deepEqual(
      [ours?.deviceName, ours?.vendorName, ours?.className, ours?.driver, ours?.modules],
      [fn.deviceName, fn.vendorName, fn.className, fn.driver ?? null, fn.modules ?? []],
      fn.address,
    );
  }
}
