/** Has an emulator delete all of a project: it keeps everything in memory, and gets slower with what it holds. */
export async function clearProject(emulator: string, projectId: string): Promise<void> {
  const documents = `http://${emulator}/emulator/v1/projects/${projectId}/databases/(default)/documents`;
  const { ok, status } = await fetch(documents, { method: 'DELETE' });
  if (!ok) throw new Error(`the emulator was to forget ${projectId}, found ${status}`);
}
