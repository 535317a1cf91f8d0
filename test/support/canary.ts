/** A person whose every trace can be looked for. */
export const PHONE = '221770000042';
/** What only this person said or is. */
export const WORDS = ['canari-zinzolin', 'canari-légende', 'canari-fichier.pdf'];
export const NAMES = ['Zeynabou-Canari', 'Fictive-Canari'];
