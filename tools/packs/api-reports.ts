import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { folderOf, manifestOf, PACKAGES, type PackageName } from './build-packages.ts';

/**
 * Compares the public API of every entry of the built packages with the reports in `packages/<name>/api/`, or with
 * `write` updates these. Returns a sentence for each report that differs.
 */
export const compareApiReports = ({ write }: { write: boolean }): string[] =>
  PACKAGES.flatMap((name) => entriesOf(name).flatMap((entry) => compareEntry(name, entry, write)));

/** The entries of a package as paths of modules in `dist`, without those that have a wildcard. */
const entriesOf = (name: PackageName): string[] =>
  Object.entries(manifestOf(name).exports as Record<string, string>).flatMap(([entry, path]) =>
    entry.includes('*') || !path.endsWith('.ts') ? [] : path.replace('./src/', '').replace(/\.ts$/, ''),
  );

const compareEntry = (name: PackageName, entry: string, write: boolean): string[] => {
  const folder = folderOf(name);
  const contract = join(folderOf('contract'), 'dist');
  const reportFolder = join(folder, 'api');
  const temporary = mkdtempSync(join(tmpdir(), 'kb-api-'));
  const reportFileName = entry.replace('/index', '').replace('index', 'main');
  mkdirSync(reportFolder, { recursive: true });
  try {
    const config = ExtractorConfig.prepare({
      configObjectFullPath: join(folder, 'api-extractor.json'),
      packageJsonFullPath: join(folder, 'package.json'),
      configObject: {
        projectFolder: folder,
        mainEntryPointFilePath: join(folder, 'dist', `${entry}.d.ts`),
        compiler: {
          overrideTsconfig: {
            compilerOptions: {
              module: 'nodenext',
              target: 'es2024',
              lib: ['es2024', 'dom'],
              types: name === 'sessions' ? ['node', 'mocha'] : [],
              strict: true,
              skipLibCheck: true,
              // In the tree the contract's exports lead to its sources.
              paths: {
                'kb-sessions-contract': [join(contract, 'calls.d.ts')],
                'kb-sessions-contract/*': [join(contract, '*.d.ts')],
              },
            },
            files: [join(folder, 'dist', `${entry}.d.ts`)],
          },
        },
        apiReport: {
          enabled: true,
          reportFileName,
          reportFolder,
          reportTempFolder: temporary,
          // Or a change of a type that is only reached through others would go unnoticed.
          includeForgottenExports: true,
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        messages: {
          extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
          tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
          compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        },
      },
    });
    const messages: string[] = [];
    const result = Extractor.invoke(config, {
      localBuild: write,
      showVerboseMessages: false,
      messageCallback: (message) => {
        if (message.logLevel === ExtractorLogLevel.Error) messages.push(message.text);
        message.handled = true;
      },
    });
    if (messages.length > 0) return [`api-extractor failed for ${name}/${entry}: ${messages.join('; ')}`];
    if (result.apiReportChanged && !write)
      return [`packages/${name}/api/${reportFileName}.api.md differs from the public API of ${name}.`];
    return [];
  } finally {
    rmSync(temporary, { recursive: true });
  }
};
