import { describe, expect, test } from 'vitest';
import {
  botSaid,
  pushWhatsApp,
  saidOnWhatsApp,
  somebody,
  somebodyOnWhatsApp,
  startOnWhatsApp,
  startProduct,
  startWhatsApp,
  whatsappEnvironment,
  whatsappText,
} from '../support/product.ts';
import { accounts, audit, desk, env, family, fill } from '../support/directory-desk.ts';

test('a WhatsApp number that was given away opens nothing of who had it', async () => {
  const { simulator: whatsapp, guichet, url } = await startOnWhatsApp({ desk, env });
  const awa = somebodyOnWhatsApp();
  await fill(guichet, [family(1, `+${awa.wa_id ?? ''}`, 'Awa', 'Léo')]);
  whatsapp.phone.text(awa, 'Bonjour');
  await saidOnWhatsApp(whatsapp, awa, 1);
  whatsapp.phone.text(awa, "J'accepte");
  expect((await saidOnWhatsApp(whatsapp, awa, 2)).text).toContain('Votre compte a été créé');
  await guichet.pipeline.idle();
  // What is sent to the number, whoever holds it.
  const before = whatsapp.state.botMessages().length;
  const heard = (n: number) =>
    whatsapp.waitFor(() => {
      const said = whatsapp.state.botMessages();
      return said.length >= before + n ? said.at(-1) : undefined;
    }, 8000);

  const stranger = { ...awa, user_id: 'SN.99990000000000000001', name: 'Quelqu’un' };
  const says = (text: string) => pushWhatsApp(url, whatsappText(whatsapp.phoneId, stranger, text));
  expect(await says('Mes enfants')).toBe(200);
  const asked = await heard(1);
  expect(asked.text).toContain('Vérification requise');
  await says("J'accepte");
  expect((await heard(2)).text).toContain('Vérification en cours');
  await guichet.pipeline.idle();
  const rows = await accounts(guichet);
  expect(rows.map(({ status }) => status).sort()).toEqual(['active', 'pending']);
  expect(await guichet.store.db.selectFrom('conversations').select('id').execute()).toHaveLength(2);
  await says('/historique');
  expect((await heard(3)).text).not.toContain('Bonjour');
});

test('the same person on Telegram and on WhatsApp is one account, whoever comes first', async () => {
  const whatsapp = await startWhatsApp();
  const { simulator, guichet, url } = await startProduct({
    desk,
    env: { ...env, ...whatsappEnvironment(whatsapp) },
  });
  await whatsapp.subscribe(`${url}/webhook/whatsapp`);
  const onWhatsApp = somebodyOnWhatsApp();
  await fill(guichet, [family(1, `+${onWhatsApp.wa_id ?? ''}`, 'Awa', 'Léo')]);
  const awa = somebody('Awa');
  simulator.phone.contact(awa, { phone: onWhatsApp.wa_id ?? '' });
  await botSaid(simulator, awa, 1);
  whatsapp.phone.text(onWhatsApp, 'Mes enfants');
  const request = await saidOnWhatsApp(whatsapp, onWhatsApp, 1);
  whatsapp.phone.reply(onWhatsApp, request.id, request.buttons?.[0]?.id ?? '');
  expect((await saidOnWhatsApp(whatsapp, onWhatsApp, 3)).text).toContain('Léo');
  await guichet.pipeline.idle();
  const { db } = guichet.store;
  expect(await accounts(guichet)).toHaveLength(1);
  expect(await db.selectFrom('persons').selectAll().execute()).toHaveLength(1);
  const identities = await db.selectFrom('identities').select('channel').execute();
  expect(new Set(identities.map(({ channel }) => channel))).toEqual(new Set(['telegram', 'whatsapp']));
  expect(whatsapp.state.violations).toEqual([]);
});

describe('an account on WhatsApp', () => {
  test('one agreement is enough', async () => {
    const { simulator, guichet } = await startOnWhatsApp({ desk, env });
    const awa = somebodyOnWhatsApp();
    await fill(guichet, [family(1, `+${awa.wa_id ?? ''}`, 'Awa', 'Léo')]);
    simulator.phone.text(awa, 'Bonjour');
    const request = await saidOnWhatsApp(simulator, awa, 1);
    expect(request.text).toContain('Vérification requise');
    expect(request.buttons).toMatchObject([{ title: "J'accepte" }, { title: 'Plus tard' }]);
    // Nothing is looked up before the person agrees.
    expect(await audit(guichet)).toEqual([]);
    simulator.phone.reply(awa, request.id, request.buttons?.[0]?.id ?? '');
    const welcome = await saidOnWhatsApp(simulator, awa, 2);
    expect(welcome.text).toContain('Votre compte a été créé');
    simulator.phone.text(awa, 'mes enfants');
    expect((await saidOnWhatsApp(simulator, awa, 3)).text).toContain('Léo');
  });

  test('without a number it is asked for, and what WhatsApp vouches for is taken', async () => {
    const { simulator, guichet } = await startOnWhatsApp({ desk, env });
    const hidden = { user_id: 'SN.13490000000000007777', name: 'Sans Numéro' };
    await fill(guichet, [family(1, '+221 77 000 00 77', 'Awa', 'Léo')]);
    simulator.phone.text(hidden, 'mes enfants');
    const request = await saidOnWhatsApp(simulator, hidden, 1);
    expect(request.asks).toBe('contact');
    simulator.phone.shareNumber(hidden, '221770000077');
    expect((await saidOnWhatsApp(simulator, hidden, 3)).text).toContain('Léo');
  });
});
