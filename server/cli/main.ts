import { Command, Option } from 'commander';

/** The command line. Each command is loaded when it is asked for, so that none pays for the others. */

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
  .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
  .addHelpText('after', '\nExit code: 0 clean, 1 findings of severity error, 2 could not run.')
  .action(async (paths: string[], options: { snapshot?: string; format: 'text' | 'json'; language?: string }) => {
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
  .option('-o, --output <snapshot>', 'where to write it; standard output by default')
  .option('-p, --port <port>', 'the port of sshd, where ~/.ssh/config does not say it')
  .option('-J, --jump <host>', 'the host to jump over, as after ssh -J')
  .addHelpText('after', '\nExit code: 0 read, 2 not read; a snapshot that is already there is then kept.')
  .action(async (destination: string, options: { output?: string; port?: string; jump?: string }) => {
    const { pull } = await import('./pull.ts');
    process.exitCode = await pull(destination, options, output);
  });

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

function complain(text: string): void {
  process.stderr.write(`hostpci: ${text}\n`);
}

try {
  await program.parseAsync();
} catch (error) {
  const code = (error as { exitCode?: number; code?: string }).exitCode;
  if (code === undefined) complain(error instanceof Error ? error.message : String(error));
  process.exitCode = code === 0 ? 0 : 2;
}
