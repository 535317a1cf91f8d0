/** What a document is called when it does not say: the name of its file, without folder and extension. */
export const fileTitle = (path: string): string => {
  const name = (path.split(/[\\/]/).at(-1) ?? path).replace(/[-_]+/g, ' ').replace(/\s+/g, ' ').trim();
  return name.charAt(0).toUpperCase() + name.slice(1);
};
