// Language servers side by side: how long they take to start, to open a document, to answer after an edit; what they occupy.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { temporaryFolder } from '../vshost/processes.mjs';
import { Client, Session } from './client.mjs';
import { contestants } from './contestants.mjs';
import { median, ms, percentile, ratio } from './figures.mjs';
import { makeTree } from './vmTree.mjs';

const sizes = [100, 300, 2000, 15_000];
const measures = ['open → first diagnostics', 'change → completion', 'change → diagnostics', 'hover'];

export async function measure({ quick }) {
  const all = await contestants();
  const tables = [await starts(all, quick ? 3 : 25)];
  for (const size of sizes)
    tables.push(await edits(all, size, quick ? { sessions: 1, rounds: 10 } : { sessions: 3, rounds: 80 }));
  return tables;
}

/** A process a round. Every sixth sits idle for two seconds before its memory is read, the others open a short document. */
async function starts(all, rounds) {
  const programs = [...new Map(all.map(one => [one.program, one])).values()];
  const times = new Map(programs.map(one => [one, { start: [], ready: [], memory: [] }]));
  for (let round = 0; round < rounds; round++) {
    for (const one of programs) await startOnce(one, round % 6 === 0, times.get(one));
  }
  const [floor, ours] = programs;
  const { start, ready, memory } = mapValues(times.get(floor), median);
  const rows = programs.map(one => {
    const own = mapValues(times.get(one), median);
    return [
      one.name.split(',')[0],
      ...[ms(own.start), ms(percentile(times.get(one).start, 99)), ratio(own.start, start)],
      ...[ms(own.ready), ratio(own.ready, ready), own.memory.toFixed(0), ratio(own.memory, memory)],
    ];
  });
  const loaded = await memoryWith(ours, 1000);
  rows.push(['hostpci with 1,000 VMs', '', '', '', '', '', loaded.toFixed(0), ratio(loaded, memory)]);
  return {
    title: 'Start, and memory of the idle server',
    columns: ['server', '→ initialized', 'p99', '÷ floor', '→ first diagnostics', '÷ floor', 'MiB', '÷ floor'],
    rows,
    note: `Medians of ${rounds} processes each, in ms. Code: ${codeOf(floor)}; hostpci: ${codeOf(ours)}.`,
  };
}

async function startOnce(contestant, isIdle, { start, ready, memory }) {
  const started = performance.now();
  const client = new Client(contestant.program);
  await client.initialize();
  start.push(performance.now() - started);
  if (isIdle) {
    await pause(2000);
    memory.push(client.memory());
  } else {
    await new Session(client, contestant, 100).open();
    ready.push(performance.now() - started);
  }
  await client.stop();
}

/** One VM of a site open, and so all of the site read. */
async function memoryWith({ program, languageId }, count) {
  const site = temporaryFolder('hostpci-bench');
  const file = join(makeTree(site, count), '100.conf');
  const client = new Client(program);
  await client.initialize();
  const uri = pathToFileURL(file).href;
  const textDocument = { uri, languageId, version: 1, text: readFileSync(file, 'utf8') };
  await client.notify('textDocument/didOpen', { textDocument });
  await client.request('hostpci/deviceTree', { sort: 'group', filter: '' }); // answered when the site is read
  await pause(2000);
  const memory = client.memory();
  await client.stop();
  return memory;
}

const mapValues = (object, map) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));

/** What the files of code weigh that a server loads to start; the data is beside them. */
function codeOf({ program }) {
  const session = join(dirname(program), 'session.cjs');
  const loads = `require(${JSON.stringify(session)}); console.log(JSON.stringify(Object.keys(require.cache)))`;
  const files = existsSync(session)
    ? [program, ...JSON.parse(execFileSync(process.execPath, ['-e', loads], { encoding: 'utf8' }))]
    : [program];
  const sizes = files.map(file => `${basename(file)} ${Math.round(statSync(file).size / 1024)} KiB`);
  return sizes.join(', ');
}

/**
 * All servers with a document of that size open, edited in turns. The peers, which take hundreds of times longer, have
 * every sixteenth turn.
 */
async function edits(all, size, { sessions, rounds }) {
  const times = new Map(all.map(one => [one, new Map(measures.map(name => [name, []]))]));
  for (let session = 0; session < sessions; session++) {
    const running = [];
    for (const one of all) {
      const client = new Client(one.program);
      await client.initialize();
      await pause(300);
      const document = new Session(client, one, size);
      await timed(times.get(one).get(measures[0]), () => document.open());
      running.push({ one, client, document });
    }
    for (const { document, one } of running) await warmUp(document, one.isPeer ? 2 : 40);
    for (let round = 0; round < rounds; round++) {
      for (const { one, document } of running)
        if (!one.isPeer || round % 16 === 0) await turn(document, times.get(one));
    }
    await Promise.all(running.map(({ client }) => client.stop()));
  }
  return { title: `${size.toLocaleString('en')} lines`, ...table(all, times) };
}

async function warmUp(document, turns) {
  for (let at = 0; at < turns; at++) await turn(document, new Map(measures.map(name => [name, []])));
}

async function turn(document, times) {
  await timed(times.get('change → completion'), () => document.complete());
  await document.settle();
  await timed(times.get('change → diagnostics'), () => document.diagnose());
  await timed(times.get('hover'), () => document.hover());
}

function table(all, times) {
  const floor = times.get(all[0]);
  const figures = one =>
    measures.flatMap(name => {
      const values = times.get(one).get(name);
      const tail = name.startsWith('change') ? [ms(percentile(values, 99))] : [];
      return [ms(median(values)), ...tail, ratio(median(values), median(floor.get(name)))];
    });
  const columns = measures.flatMap(name => [name, ...(name.startsWith('change') ? ['p99'] : []), '÷ floor']);
  return { columns: ['server', ...columns], rows: all.map(one => [one.name, ...figures(one)]), note: 'Medians in ms.' };
}

async function timed(into, act) {
  const started = performance.now();
  await act();
  into.push(performance.now() - started);
}

const pause = duration => new Promise(resolve => setTimeout(resolve, duration));
