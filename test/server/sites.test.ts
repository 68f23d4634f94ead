import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseSnapshot } from '../../host/snapshot.ts';
import { createLanguageService } from '../../server/languageService.ts';
import { nodeFiles } from '../../server/nodeFiles.ts';
import { catalogue, mostPain, rulesFor } from '../support/catalogue.ts';
import { library } from '../support/check.ts';
import { coverageTable } from '../support/coverageTable.ts';
import {
  directoryOf,
  hasAfter,
  infoOf,
  type Judged,
  judge,
  mend,
  saying,
  siteNames,
  sitesDirectory,
  withAfter,
} from '../support/goldenSite.ts';

/** Whole hosts: `expected.txt` is what a user sees. `UPDATE=1` rewrites it; the diff is the review. */

const update = process.env.UPDATE === '1';
const healthy = siteNames.filter(name => infoOf(name).healthy);
const stories = siteNames.filter(name => infoOf(name).entry !== undefined);
const judged = new Map<string, Promise<Judged>>();

/** Each site is read and judged once, as it is and after its fix. */
function once(key: string, work: () => Promise<Judged>): Promise<Judged> {
  const known = judged.get(key) ?? work();
  judged.set(key, known);
  return known;
}

const judgedSite = (name: string): Promise<Judged> => once(name, () => judge(directoryOf(name)));
const judgedAfter = (name: string): Promise<Judged> => once(`${name} after`, () => withAfter(name, judge));

function checkText(path: string, text: string): void {
  if (update) writeFileSync(path, text);
  assert.ok(existsSync(path), `no ${path} yet; UPDATE=1 writes it`);
  assert.equal(text, readFileSync(path, 'utf8'));
}

suite('sites', () => {
  for (const name of siteNames) {
    test(name, async () => {
      const { text, complaints } = await judgedSite(name);
      assert.deepEqual(complaints, []);
      checkText(join(directoryOf(name), 'expected.txt'), text);
    });

    test(`${name}: every snapshot is whole, and every site says where it is from`, () => {
      for (const directory of [directoryOf(name), join(directoryOf(name), 'after')].filter(existsSync)) {
        for (const file of readdirSync(directory).filter(one => one.endsWith('.snapshot'))) {
          const { gaps, functions } = parseSnapshot(readFileSync(join(directory, file), 'utf8'));
          assert.ok(functions.length >= 15, `${file} has ${functions.length} functions`);
          assert.deepEqual(
            gaps.filter(gap => /not understood|unknown key|is cut/.test(gap)),
            [],
            file,
          );
        }
      }
      const page = readFileSync(join(directoryOf(name), 'README.md'), 'utf8');
      assert.match(page, /listings|snapshots/);
    });
  }
});

suite('a previous snapshot beside a site', () => {
  const site = directoryOf('drift-device-identity-changed');
  const vm = pathToFileURL(join(site, 'etc/pve/nodes/shifted/qemu-server/110.conf')).href;
  const now = pathToFileURL(join(site, 'shifted.snapshot')).href;
  const before = pathToFileURL(join(site, 'shifted.previous.snapshot')).href;

  test('is read by the language service, whichever of the two files changes', async () => {
    const missing = new Set<string>();
    const disk = nodeFiles();
    const files = { ...disk, read: async (uri: string) => (missing.has(uri) ? undefined : disk.read(uri)) };
    const service = createLanguageService({ files, library, log: { error: message => assert.fail(message) } });
    const isTold = () => service.diagnostics(vm).some(one => one.code === 'drift/device-identity-changed');
    await service.open(vm, 'pve-vm-conf', 1, readFileSync(fileURLToPath(vm), 'utf8'));
    assert.ok(isTold());
    missing.add(before);
    await service.refresh(before);
    assert.ok(!isTold());
    missing.clear();
    await service.refresh(now);
    assert.ok(isTold());
    missing.add(now);
    await service.refresh(now);
    assert.ok(!isTold());
  });
});

suite('sites with many mistakes', () => {
  for (const name of siteNames.filter(one => infoOf(one).shows)) {
    test(`${name}: each is found`, async () => {
      const found = new Set((await judgedSite(name)).reports.map(({ rule }) => rule));
      assert.deepEqual([...found].sort(), infoOf(name).shows);
    });
  }

  test('every site is healthy, a story or a collection', () => {
    const kinds = siteNames.map(name => {
      const { healthy: right, entry, shows } = infoOf(name);
      return [right, entry, shows].filter(one => one !== undefined).length;
    });
    assert.deepEqual([...new Set(kinds)], [1]);
  });
});

suite('stories', () => {
  for (const name of stories) {
    const { entry = '', also = [], remains = [], quickFix = false } = infoOf(name);
    const own = rulesFor(entry);

    test(`${name}: the mistake is found, and nothing else is said`, async () => {
      const { reports } = await judgedSite(name);
      const found = new Set(reports.map(({ rule }) => rule));
      assert.deepEqual([...found].sort(), [...new Set([...own, ...also, ...remains])].sort());
    });

    test(`${name}: after the fix it is gone, and nothing new is there`, async () => {
      assert.ok(hasAfter(name), 'a story has an after/');
      const before = await judgedSite(name);
      const { text, complaints, reports } = await judgedAfter(name);
      assert.deepEqual(complaints, []);
      checkText(join(directoryOf(name), 'after', 'expected.txt'), text);
      const known = new Set(before.reports.map(saying));
      assert.deepEqual(
        reports.map(saying).filter(one => !known.has(one)),
        [],
        'new findings',
      );
      assert.deepEqual([...new Set(reports.map(({ rule }) => rule))].sort(), [...remains].sort());
    });

    test(`${name}: ${quickFix ? 'the quick fix makes the files of after/' : 'no quick fix is offered'}`, async () => {
      const made = await mend(directoryOf(name), own);
      if (!quickFix) return assert.equal(made, undefined, 'there is a quick fix; say so in site.json');
      const { files } = await judgedAfter(name);
      assert.deepEqual(Object.fromEntries(made ?? []), Object.fromEntries(files));
    });
  }

  test('each of the entries that hurt most has a story', () => {
    const told = new Set(stories.map(name => infoOf(name).entry));
    assert.deepEqual(
      mostPain.filter(entry => !told.has(entry)),
      [],
    );
    for (const entry of [...told]) assert.ok(entry !== undefined && entry in catalogue, entry);
    assert.ok(siteNames.length >= 40 && healthy.length >= 5, `${siteNames.length} sites, ${healthy.length} healthy`);
  });
});

/** Over the configurations that start: `rules/falseAlarms.slow.test.ts`. */
suite('no false alarm', () => {
  test('on any healthy site', async function () {
    const sites = await Promise.all(healthy.map(async name => ({ name, ...(await judgedSite(name)) })));
    const found = sites.flatMap(({ name, reports }) => reports.map(one => `${name}/${saying(one)}`));
    const files = sites.reduce((sum, site) => sum + site.files.size, 0);
    if (this.test) this.test.title = `${found.length} findings on ${healthy.length} healthy sites with ${files} files`;
    assert.deepEqual(found, []);
  });

  test('on any site after its fix', async function () {
    const clean = stories.filter(name => infoOf(name).remains === undefined);
    const found = await Promise.all(clean.map(async name => (await judgedAfter(name)).reports.map(saying)));
    if (this.test) this.test.title = `${found.flat().length} findings on ${clean.length} sites after their fix`;
    assert.deepEqual(found.flat(), []);
  });
});

suite('the coverage table', () => {
  test('test/sites/README.md is what the sites say', async () => {
    const spoken = new Map<string, readonly string[]>();
    for (const name of siteNames) {
      spoken.set(name, [...new Set((await judgedSite(name)).reports.map(({ rule }) => rule))]);
    }
    checkText(join(sitesDirectory, 'README.md'), coverageTable(spoken));
  });
});
