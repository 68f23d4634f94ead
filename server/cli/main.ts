import { Command, Option } from 'commander';
import type { CheckOptions } from './check.ts';
import type { DoctorOptions } from './doctor.ts';
import type { PrepareOptions } from './prepare.ts';

/** The command line; `start.ts` runs it. Each command is loaded when it is asked for, so that none pays for the others. */

// Whoever reads the output may have seen enough: `hostpci doctor | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const output = { out: (text: string) => void process.stdout.write(text), err: complain };

const program = new Command('hostpci')
  .description("Checks Proxmox VE's configuration files, above all for PCI(e) passthrough.")
  .version(process.env.HOSTPCI_VERSION ?? '0.0.0')
  .exitOverride()
  .configureOutput({ writeErr: text => process.stderr.write(text) });

program
  .command('check')
  .description('check files, the tree of one host, or a folder with the trees of many')
  .argument('<path...>', 'a file, a directory that holds an etc/, or any directory above such')
  .option('--snapshot <file>', 'what a host said, as collect.sh or `hostpci import` wrote it')
  .addOption(new Option('--language <id>', 'read the files as this language, whatever they are called'))
  .option('--config <file>', 'severities of rules; by default the nearest hostpci.json at or above each tree')
  .option('--fix', 'apply what is right without a look, and write it')
  .option('--dry-run', 'with --fix: print what would change as a diff and write nothing')
  .option('--baseline <file>', 'known findings, which are not shown and do not count')
  .option('--update-baseline', 'with --baseline: write it from what is found')
  .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
  .addHelpText('after', '\nExit code: 0 clean, 1 findings of severity error, 2 could not run.')
  .action(async (paths: string[], options: CheckOptions) => {
    const { check } = await import('./check.ts');
    process.exitCode = await check(paths, options, output);
  });

program
  .command('format')
  .description('write VM configurations exactly as Proxmox VE would; lines that it refuses are kept')
  .argument('<path...>', 'files, the tree of a host, or a folder with many')
  .option('--check', 'write nothing; exit code 1 when a file would change')
  .option('--stdout', 'print the formatted text and write nothing')
  .addOption(new Option('--language <id>', 'read the files as this language, whatever they are called'))
  .action(async (paths: string[], options: { check?: boolean; stdout?: boolean; language?: string }) => {
    const { format } = await import('./format.ts');
    process.exitCode = await format(paths, options, output);
  });

program
  .command('pull')
  .description('ask a host over ssh and write its snapshot; nothing is installed or changed there')
  .argument('<destination>', 'what you would type after ssh, such as root@pve1; `local` is this machine')
  .option('-o, --output <path>', 'where to write it, standard output by default; with --cluster a directory')
  .option('--cluster', "also ask the other nodes of the host's cluster; writes a NODE.snapshot for each")
  .option('-p, --port <port>', 'the port of sshd, where ~/.ssh/config does not say it')
  .option('-J, --jump <host>', 'the host to jump over, as after ssh -J')
  .addHelpText('after', '\nExit code: 0 read, 2 not read; a snapshot that is already there is then kept.')
  .action(
    async (destination: string, options: { output?: string; cluster?: boolean; port?: string; jump?: string }) => {
      const command = options.cluster
        ? (await import('./pullCluster.ts')).pullCluster
        : (await import('./pull.ts')).pull;
      process.exitCode = await command(destination, options, output);
    },
  );

program
  .command('import')
  .description('turn a pasted listing (lspci in any form, IOMMU groups) into a snapshot')
  .argument('<file>', 'the listing; - is standard input')
  .option('-o, --output <snapshot>', 'where to write it; standard output by default')
  .action(async (file: string, options: { output?: string }) => {
    const { importListing } = await import('./import.ts');
    process.exitCode = await importListing(file, options, output);
  });

program
  .command('devices')
  .description('list the devices that a snapshot or a listing knows')
  .option('--snapshot <file>', 'the snapshot, or a listing; the only *.snapshot in this directory by default')
  .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'))
  .action(async (options: { snapshot?: string; format: 'table' | 'json' }) => {
    const { devices } = await import('./devices.ts');
    process.exitCode = await devices(options, output);
  });

program
  .command('doctor')
  .description('tell what is ready and what is missing on the way from the firmware to a guest that gets PCI devices')
  .argument('[subject]', 'a VMID or a PCI address; without it the host and every VM that takes devices')
  .argument('[path]', 'the tree of the host; the one in this directory by default')
  .option('--snapshot <file>', 'what the host said; its own copies stand for files that are not at hand')
  .addOption(
    new Option('--format <format>', 'how to print; markdown is for a forum, with names masked')
      .choices(['text', 'json', 'markdown'])
      .default('text'),
  )
  .addHelpText('after', '\nExit code: 0 ready as far as it is known, 1 something failed, 2 could not run.')
  .action(async (subject: string | undefined, path: string | undefined, options: DoctorOptions) => {
    const { doctor } = await import('./doctor.ts');
    process.exitCode = await doctor(
      [subject, path].filter(one => one !== undefined),
      options,
      output,
    );
  });

program
  .command('explain')
  .description('tell what an error message of Proxmox, QEMU or the kernel means, and which lines cause it')
  .argument('<text>', 'the message, in quotes; - reads it from standard input')
  .argument('[path...]', 'the files or trees that it may be about; the tree in this directory by default')
  .option('--snapshot <file>', 'what the host said')
  .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
  .addHelpText('after', '\nExit code: 0 recognised, 1 nothing recognised, 2 could not run.')
  .action(async (text: string, paths: string[], options: { snapshot?: string; format: 'text' | 'json' }) => {
    const { explain } = await import('./explain.ts');
    process.exitCode = await explain(text, paths, options, output);
  });

program
  .command('prepare')
  .description(
    'tell what has to change so that a VM gets a PCI device, and refuse what would cost the host its disk, network or console',
  )
  .argument('<address>', 'the PCI function, such as 0000:01:00.0')
  .argument('[path]', 'the tree of the host; the one in this directory by default')
  .requiredOption('--vm <vmid>', 'the VM that shall have it')
  .option('--vf [count]', 'a virtual function of it; with how many of them there shall be')
  .option('--mdev <type>', 'a mediated device of this type')
  .option('--mapping <name>', 'by a PCI mapping, which is made where it is missing')
  .option('--snapshot <file>', 'what the host said')
  .option('--apply', 'write the files')
  .addHelpText('after', '\nExit code: 0 there is a plan or nothing to do, 1 refused, 2 could not run.')
  .action(async (address: string, path: string | undefined, options: PrepareOptions) => {
    const { prepare } = await import('./prepare.ts');
    process.exitCode = await prepare(address, path, options, output);
  });

function complain(text: string): void {
  process.stderr.write(`hostpci: ${text}\n`);
}

// The bundle is a script, which cannot wait.
program.parseAsync().catch((error: unknown) => {
  const code = (error as { exitCode?: number; code?: string }).exitCode;
  if (code === undefined) complain(error instanceof Error ? error.message : String(error));
  process.exitCode = code === 0 ? 0 : 2;
});
