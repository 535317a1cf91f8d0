/** What a document is called when it does not say: its file's name. */
export const fileTitle = (document: string): string => {
  const name = (document.split('/').at(-1) ?? document).replace(/[-_]+/g, ' ').trim();
  return name.charAt(0).toUpperCase() + name.slice(1);
};
