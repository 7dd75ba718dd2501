import type { SignalName } from './signals.ts';

/**
 * One kind of image and the folder it goes to while the owner has no folder of his own for it. Evidence adds up in
 * points, so that several weak words outweigh one strong word that another kind shares.
 */
export interface TaxonomyEntry {
  path: string;
  /** For captions, reasons and tags: `receipt`. */
  kind: string;
  description: string;
  /** Other names people give such a folder: it is taken for this one. */
  aliases?: string[];
  /** Words and phrases, separated by commas; case, accents and English plurals do not matter. For the points see `wordPoints`. */
  strong?: string;
  fair?: string;
  weak?: string;
  /** What words cannot say. `means` is shown to people. */
  patterns?: { means: string; regex: RegExp; points: number }[];
  /** Points of what the picture itself says (signals.ts). */
  signals?: Partial<Record<SignalName, number>>;
  /** Its signals count without any of its words. */
  speaksBySignals?: boolean;
}

/** Points of a word by the list it stands in. */
export const wordPoints = { strong: 2.6, fair: 1.4, weak: 0.6 } as const;

/** What every screenshot has in common. */
const screen = { screenName: 4, screenSize: 1.7, screenShape: 0.8, screenText: 1.5 };

export const screenshotsFolder = 'Screenshots';
export const photosFolder = 'Photos';
export const documentsFolder = 'Documents';

export const taxonomy: TaxonomyEntry[] = [
  {
    path: 'Receipts',
    kind: 'receipt',
    description: 'Till receipts and proofs of purchase',
    aliases: [
      'Quittungen',
      'Belege',
      'Kassenbons',
      'Reçus',
      'Tickets de caisse',
      'Recibos',
      'Scontrini',
      'Ricevute',
    ],
    strong:
      'receipt, cash change, cashier, change due, amount tendered, quittung, kassenbon, kassenzettel, rückgeld, ticket de caisse, scontrino, ricevuta, please come again, come again, goods sold are not returnable, not returnable, kundenbeleg, caissier, vuelto',
    fair: 'cash, change, till, tendered, thank you, thank, subtotal, sub total, grand total, rounding, rounding adjustment, visa, mastercard, debit card, card payment, approval code, contactless, gst summary, tax inclusive, inclusive of gst, price inclusive, nett total, bar, gegeben, vielen dank, ec karte, girocard, especes, rendu monnaie, merci de votre visite, efectivo, cambio, gracias por su compra, contante, contanti, grazie, resto, supermarket, fuel, pump, terminal, store, refund, exchange, item sold, slip, counter, cash register, registrierkasse, kasse, bediener, simplified invoice, customer copy, merchant copy, payment mode',
    weak: 'total, qty, item, amount, tax, gst, vat, mwst, tva, iva, price, paid, discount, payment, invoice, tax invoice, summe, betrag, montant, importe, totale, opening hour, served, member, point, eur, tel, trans',
    signals: { prices: 1 },
  },
  {
    path: 'Invoices',
    kind: 'invoice',
    description: 'Invoices and bills to pay',
    aliases: ['Rechnungen', 'Bills', 'Factures', 'Facturas', 'Fatture'],
    strong:
      'bill to, invoice to, due date, payment term, payment due, amount due, balance due, remit to, pay within, zahlbar bis, zahlbar innerhalb, rechnungsnummer, rechnungsdatum, zahlungsziel, fälligkeit, date d echeance, numero de facture, fecha de vencimiento, numero de factura, data di scadenza, numero fattura, bank detail, payable within, condition de reglement, termini di pagamento, condizioni di pagamento, forma de pago',
    fair: 'invoice, invoice number, invoice no, invoice date, bill date, customer number, account number, rechnung, kundennummer, leistungszeitraum, überweisung, bankverbindung, facture, echeance, virement, factura, vencimiento, transferencia, fattura, scadenza, bonifico, iban, bic, swift, unit price, hourly rate, billing period, ship to, purchase order, po number, sort code, meter reading, kwh, late fee, einzelpreis, prix unitaire, precio unitario, prezzo unitario, sold to, reference number, professional service, overdue, imponibile, nettobetrag, total ht',
    weak: 'total, amount, subtotal, tax, vat, mwst, tva, iva, description, qty, quantity, rate, hour, payment, reference, bank, transfer, billing, due, netto, brutto, gesamtbetrag, consulting, service, project, betrag, menge',
    patterns: [
      { means: 'an IBAN', regex: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}\b/, points: 1.5 },
      { means: 'days to pay', regex: /\bnet ?(10|15|30|45|60|90)\b/i, points: 2.6 },
    ],
    signals: { prices: 0.5 },
  },
  {
    path: 'Letters',
    kind: 'letter',
    description: 'Letters and other correspondence',
    aliases: ['Briefe', 'Correspondence', 'Lettres', 'Cartas', 'Lettere'],
    strong:
      'yours sincerely, yours faithfully, yours truly, kind regard, best regard, dear sir, dear madam, sehr geehrte, sehr geehrter, mit freundlichen grüßen, cordialement, veuillez agreer, salutation distinguee, estimado, estimada, atentamente, un cordial saludo, gentile, distinti saluti, cordiali saluti, egregio',
    fair: 'dear, sincerely, regard, faithfully, enclosed, enclosure, letter, betreff, ihr schreiben, madame, monsieur, objet, lettre, asunto, carta, oggetto, lettera, yours, with love, hochachtungsvoll, anbei, your letter, we are writing, i am writing, look forward',
    weak: 'writing, reply, hesitate, contact, please, wish, inform, request, further, hearing, subject, cc, ref, sir, madam, mr, mrs, herr, frau, anfrage, freundlich',
    signals: { prose: 0.8 },
  },
  {
    path: 'Contracts',
    kind: 'contract',
    description: 'Contracts and agreements',
    aliases: ['Verträge', 'Agreements', 'Contrats', 'Contratos', 'Contratti'],
    strong:
      'agreement, contract, hereinafter, in witness whereof, party agree, terms and condition, governing law, lease agreement, tenancy agreement, employment contract, mietvertrag, arbeitsvertrag, vertrag, vertragspartei, contrat, contrato, contratto, hereby agree, bailleur, arrendador, locatore, kaufvertrag',
    fair: 'party, hereby, landlord, tenant, lessee, lessor, employer, termination, clause, confidentiality, liability, indemnify, obligation, breach, jurisdiction, whereas, thereof, mieter, vermieter, kündigung, kündigungsfrist, locataire, resiliation, arrendatario, clausula, conduttore, recesso, signed by, witness, deposit, rent, miete, kaution, loyer, alquiler, canone, section, notice period, undersigned, unterzeichner',
    weak: 'shall, term, effective, notice, provision, right, pursuant, signature, binding, written, consent, month, unterschrift, paragraph, partie, parte, article, buyer, seller',
    signals: { prose: 0.5 },
  },
  {
    path: 'ID Documents',
    kind: 'identity document',
    description: 'Passports, identity cards, driving licences',
    aliases: [
      'IDs',
      'Identity Documents',
      'Ausweise',
      'Pièces d’identité',
      'Documentos de identidad',
      'Documenti d’identità',
    ],
    strong:
      'passport, identity card, identification card, driving licence, driver license, driver licence, nationality, date of birth, place of birth, personalausweis, reisepass, führerschein, staatsangehörigkeit, geburtsdatum, geburtsort, carte nationale d identite, carte d identite, passeport, permis de conduire, nationalite, date de naissance, lieu de naissance, documento nacional de identidad, pasaporte, permiso de conduccion, nacionalidad, carta d identita, passaporto, patente di guida, cittadinanza, residence permit, aufenthaltstitel',
    fair: 'surname, given name, date of issue, date of expiry, issuing authority, expiry, place of issue, sex, holder signature, personal number, ausweis, gültig bis, vorname, nom, prenom, sexe, apellido, nombre, sexo, cognome, nome, sesso, luogo di nascita, data di nascita, fecha de nacimiento, authority, geburtsname, height, eye, visa',
    weak: 'republic, type, code, birth, issue, valid, identity, national, name, license, licence, class, holder, behörde, signature, no',
    patterns: [{ means: 'a machine-readable line', regex: /[A-Z0-9][A-Z0-9<]{8,}<<[A-Z0-9<]+/, points: 4 }],
  },
  {
    path: 'Medical',
    kind: 'medical document',
    description: 'Prescriptions, laboratory results, doctor’s letters',
    aliases: ['Health', 'Gesundheit', 'Arzt', 'Santé', 'Salud', 'Salute', 'Medical Records'],
    strong:
      'patient, prescription, diagnosis, dosage, physician, hospital, laboratory, blood test, vaccination, radiology, medication, rezept, arzt, befund, diagnose, krankenhaus, ordonnance, medecin, receta medica, paciente, diagnostico, ricetta medica, paziente, arbeitsunfähigkeitsbescheinigung, überweisungsschein, impfung, vaccine, patient name, referto',
    fair: 'doctor, clinic, dr, dose, tablet, capsule, mg, symptom, treatment, therapy, blood, specimen, hemoglobin, glucose, cholesterol, reference range, allergy, pharmacy, apotheke, tablette, dosierung, klinik, pharmacie, comprime, farmacia, medico, compressa, refill, physical examination, surgery, mrn, dentist, vaccinated, creatinine, platelet, leukocyte, patientin, praxis, hausarzt, analyse, posologie, sanguin',
    weak: 'daily, oral, test, result, health, medical, exam, referral, appointment, take, normal, high, low, ml, age, pressure, pain, unit',
  },
  {
    path: 'Tickets',
    kind: 'ticket',
    description: 'Tickets for travel and events, boarding passes, bookings',
    aliases: [
      'Travel',
      'Fahrkarten',
      'Reisen',
      'Eintrittskarten',
      'Billets',
      'Entradas',
      'Biglietti',
      'Bookings',
    ],
    strong:
      'boarding pass, boarding, flight, e ticket, admit one, admission, departure, passenger, seat, gate, booking reference, fahrkarte, fahrschein, abfahrt, bahn, eintrittskarte, billet, depart, passager, billete, pasajero, asiento, embarque, biglietto, passeggero, imbarco, carta d imbarco, carte d embarquement, general admission, check in, itinerary, eticket',
    fair: 'ticket, arrival, airline, train, platform, coach, row, venue, door, terminal, carrier, pnr, concert, show, festival, cinema, theatre, gleis, wagen, sitzplatz, ankunft, zug, reisende, voiture, quai, arrivee, train, tren, anden, salida, llegada, treno, binario, carrozza, partenza, posto, reservation, hotel, guest, row seat, stadium, baggage, concierto, concerto, doors open, airport, flughafen, einlass, hinfahrt, class, gültig, coche, place',
    weak: 'from, to, date, time, via, class, valid, adult, child, journey, book, fare, zone, reference, non refundable, name, night, erwachsene, event, live',
    signals: { times: 0.6 },
  },
  {
    path: 'Bank Statements',
    kind: 'bank statement',
    description: 'Account statements and other letters of the bank',
    aliases: [
      'Bank',
      'Kontoauszüge',
      'Relevés bancaires',
      'Extractos bancarios',
      'Estratti conto',
      'Banking',
    ],
    strong:
      'bank statement, account statement, statement period, opening balance, closing balance, balance brought forward, balance carried forward, kontoauszug, kontostand, alter saldo, neuer saldo, releve de compte, releve bancaire, solde, extracto bancario, extracto de cuenta, saldo anterior, saldo inicial, saldo final, estratto conto, saldo iniziale, saldo finale, available balance, statement of account, nouveau solde, ancien solde, current account',
    fair: 'withdrawal, direct debit, standing order, credit, debit, transaction, account number, sort code, atm, savings account, checking account, lastschrift, gutschrift, dauerauftrag, buchungstag, wertstellung, prelevement, virement, debit credit, cuenta, movimiento, ingreso, conto corrente, addebito, accredito, valuta, kontonummer, verwendungszweck, statement, buchung, compte, interest paid, overdraft, sheet number, paid in, paid out, girokonto',
    weak: 'balance, bank, account, date, iban, bic, deposit, transfer, payment, interest, fee, salary, branch, saldo, detail, card, haben, soll, rent',
    signals: { prices: 0.7 },
  },
  {
    path: 'Payslips',
    kind: 'payslip',
    description: 'Payslips and wage statements',
    aliases: [
      'Salary',
      'Pay',
      'Gehalt',
      'Gehaltsabrechnungen',
      'Lohn',
      'Bulletins de salaire',
      'Nóminas',
      'Buste paga',
    ],
    strong:
      'payslip, pay slip, pay stub, gross pay, net pay, pay period, earning statement, gehaltsabrechnung, lohnabrechnung, entgeltabrechnung, bruttolohn, nettolohn, auszahlungsbetrag, steuerklasse, bulletin de paie, bulletin de salaire, salaire brut, net a payer, nomina, salario bruto, liquido a percibir, busta paga, cedolino, retribuzione, netto in busta, gross salary, net salary, payroll, steuerbrutto, salario base',
    fair: 'employee, employer, deduction, earning, wage, salary, overtime, national insurance, social security, withholding, year to date, ytd, pension, paye, lohnsteuer, sozialversicherung, krankenversicherung, rentenversicherung, personalnummer, solidaritätszuschlag, salarie, employeur, cotisation, trabajador, empresa, deduccion, seguridad social, dipendente, trattenuta, inps, irpef, pay date, medicare, basic pay, employee number, arbeitslosenversicherung, devengo, netto, brutto, tax code, bonus, brut',
    weak: 'tax, hour, rate, gross, net, department, code, federal, allowance, month, total, period, monat, mois, mes, mese, date',
    signals: { prices: 0.5 },
  },
  {
    path: 'Tax',
    kind: 'tax document',
    description: 'Tax returns and letters of the tax office',
    aliases: ['Taxes', 'Steuer', 'Steuern', 'Impôts', 'Impuestos', 'Tasse'],
    strong:
      'tax return, income tax, internal revenue service, tax year, taxable income, tax refund, hm revenue, self assessment, steuererklärung, steuerbescheid, einkommensteuer, finanzamt, einkommensteuerbescheid, avis d imposition, impot sur le revenu, declaration de revenu, direction generale des finances publique, declaracion de la renta, agencia tributaria, irpf, dichiarazione dei redditi, agenzia delle entrate, notice of assessment, steuernummer, revenu fiscal, base imponible, adjusted gross income, tax assessment, steueridentifikationsnummer',
    fair: 'irs, taxpayer, taxable, filing, exemption, dependent, deduction, withheld, tax office, refund, assessment, utr, hmrc, festsetzung, nachzahlung, erstattung, solidaritätszuschlag, kirchensteuer, impot, fiscal, foyer, contribuable, contribuyente, ejercicio, devolucion, imposta, reddito, contribuente, codice fiscale, rimborso, social security number, filing status, einspruch, vorauszahlung, bescheid, prelevement a la source',
    weak: 'tax, income, return, year, form, amount, owed, payment, credit, capital, gain, line, penalty, revenue, total',
    patterns: [
      { means: 'a tax form’s number', regex: /\bform ?(1040|1099|w-?[24]|p60|p45)\b/i, points: 2.6 },
    ],
  },
  {
    path: 'Insurance',
    kind: 'insurance document',
    description: 'Insurance policies, claims and certificates',
    aliases: ['Versicherung', 'Versicherungen', 'Assurance', 'Assurances', 'Seguros', 'Assicurazioni'],
    strong:
      'insurance policy, policy number, policyholder, certificate of insurance, insured, insurer, sum insured, premium due, claim number, versicherungsschein, versicherungsnummer, versicherungsnehmer, versicherung, police d assurance, assurance, assure, attestation d assurance, poliza, asegurado, aseguradora, tomador, polizza, assicurazione, assicurato, contraente, no claim discount, versicherungsbeitrag, selbstbeteiligung',
    fair: 'insurance, policy, premium, coverage, deductible, claim, liability cover, excess, beneficiary, underwriter, haftpflicht, schadennummer, schaden, beitrag, hausrat, sinistre, prime, franchise, siniestro, cobertura, prima, sinistro, massimale, franchigia, comprehensive, third party, period of insurance, renewal, incident, kasko, collision, responsabilidad civil, responsabilite civile',
    weak: 'cover, vehicle, driver, annual, home, loss, damage, effective, limit, period, contract, accident, agent, property',
  },
  {
    path: 'Shipping',
    kind: 'shipping label',
    description: 'Parcel labels, delivery notes, tracking',
    aliases: ['Parcels', 'Deliveries', 'Versand', 'Pakete', 'Colis', 'Envíos', 'Spedizioni'],
    strong:
      'tracking number, shipping label, delivery note, consignee, waybill, parcel, packing slip, lieferschein, sendungsnummer, empfänger, absender, paketschein, bon de livraison, numero de suivi, colis, expediteur, destinataire, albaran, numero de seguimiento, destinatario, remitente, documento di trasporto, mittente, packing list',
    fair: 'dhl, ups, fedex, usps, dpd, hermes, ship to, ship from, courier, weight, postage, shipment, carton, sender, recipient, paket, priority mail, colissimo, correos, express, tracking, fragile, delivered, zustellung, shipped, depot, vettore, lieferung',
    weak: 'delivery, to, from, kg, lbs, service, order, address, box, signature, date, zip, menge, colli',
  },
  {
    path: 'Screenshots/Code',
    kind: 'screenshot of code',
    description: 'Screenshots of source code and terminals',
    strong:
      'import, const, npm, git, sudo, def, println, stdout, localhost, async, await, kubectl, docker, grep, bash, github, traceback, usr, printf, println, struct, std, enum, impl, mkdir',
    fair: 'function, return, class, null, string, int, var, let, void, public, private, static, echo, commit, branch, debug, npm run, python, java, javascript, typescript, self, boolean, true, false, args, todo, root, etc, src, json, http, include, compile, build, merge, push, install, package, fn, mut, elif, lambda, node',
    weak: 'if, else, for, while, new, log, test, print, terminal, file, run, module, export, line, error, from, main, user',
    patterns: [
      {
        means: 'program text',
        regex: /[{;]\s*$|=>|\(\)\s*[{:;]|===?|&&|^\s*(\/\/|#include|#!)/m,
        points: 2.5,
      },
      { means: 'a shell prompt', regex: /^\s*(\S+@\S+[:~]?.*[$#]|[$#>]) \S+|^PS [A-Z]:\\/m, points: 2.5 },
      { means: 'file paths', regex: /(^|\s)(~|\.{1,2})?\/(usr|home|etc|var|opt|src|bin|tmp)\//m, points: 2 },
      {
        means: 'source files',
        regex: /\b[\w-]+\.(py|tsx?|jsx?|java|cpp|go|rs|sh|rb|php|ya?ml|json)\b/,
        points: 2,
      },
    ],
    signals: screen,
  },
  {
    path: 'Screenshots/Chats',
    kind: 'screenshot of a chat',
    description: 'Screenshots of chats and messages',
    aliases: ['Chats'],
    strong:
      'whatsapp, telegram, imessage, last seen, online typing, typing, message, reply, type a message, nachricht, zuletzt online, messaggio, mensaje, seen, voice message, text message, missed call, escribe un mensaje, scrivi un messaggio, end to end encrypted, you deleted this message, zul online, signal, slack, write a message',
    fair: 'lol, haha, hahaha, ok, omg, hey, hi, chat, read, delivered, group, today, yesterday, call, video call, jaja, xd, thx, thanks, see you, hallo, gestern, heute, hier, danke, ciao, hola, bis gleich, ayer, hoy, ieri, oggi, mdr, salut, forwarded, contact info, emoji, tomorrow, sorry, direct message',
    weak: 'yes, yeah, no, me, you, sure, great, good, cool, nice, when, see, home, coming, meet, tonight, want, love, online, group, was, wann, ja, nein, si, oui',
    signals: { ...screen, times: 1.6 },
  },
  {
    path: 'Screenshots/Errors',
    kind: 'screenshot of an error',
    description: 'Screenshots of error messages',
    strong:
      'error occurred, has stopped working, something went wrong, unexpected error, error code, exception, fatal error, crash, stack trace, unable to connect, access denied, permission denied, not responding, blue screen, stop code, fehler, fehlermeldung, fehlercode, ein fehler, une erreur, erreur, ha ocurrido un error, si e verificato un errore, errore, your pc ran into a problem, could not be found, page not found, cannot open, application error, went wrong',
    fair: 'error, failed, failure, warning, invalid, unable, cannot, problem, retry, try again, abort, ignore, report, restart, not found, timeout, refused, unknown, denied, aufgetreten, abbrechen, details, fatal, corrupt, dialog, troubleshoot, ocurrido',
    weak: 'ok, cancel, close, please, contact, support, again, check, windows, application, connection, server, network, program, administrator',
    patterns: [
      {
        means: 'an error number',
        regex:
          /\b0x[0-9a-fA-F]{6,8}\b|\bHTTP (4|5)\d\d\b|\bE(CONN|TIMED|NOENT|ACCES|PERM)\w*|\b(404|500|502|503)\b/,
        points: 2,
      },
    ],
    signals: screen,
  },
  {
    path: 'Screenshots/Maps',
    kind: 'screenshot of a map',
    description: 'Screenshots of maps and routes',
    aliases: ['Maps'],
    strong:
      'google map, map data, directions, openstreetmap, fastest route, route, navigation, street view, satellite, turn left, turn right, waze, wegbeschreibung, itineraire, indicaciones, indicazioni, avoid toll, without traffic, eta, kartendaten, schnellste route, apple map',
    fair: 'km, mi, min, traffic, map, drive, walk, restaurants nearby, nearby, exit, highway, toll, arrive, destination, layer, karte, ziel, trafic, trafico, traffico, mapa, mappa, start, roundabout, transit, search here, steps, your location, continue, verkehr, via',
    weak: 'street, road, avenue, north, south, east, west, park, station, restaurant, hotel, hour, search, save, share, explore, onto, museum, bridge',
    patterns: [
      {
        means: 'distances and durations',
        regex:
          /\b\d+(?:[.,]\d)? ?(km|mi)\b[\s\S]{0,80}\b\d+ ?min\b|\b\d+ ?min\b[\s\S]{0,80}\b\d+(?:[.,]\d)? ?(km|mi)\b/i,
        points: 2,
      },
    ],
    signals: screen,
  },
  {
    path: 'Screenshots/Settings',
    kind: 'screenshot of settings',
    description: 'Screenshots of settings and control panels',
    strong:
      'settings, preference, control panel, airplane mode, wi fi, bluetooth, do not disturb, display brightness, notification, system update, screen time, einstellungen, flugmodus, mitteilung, reglage, parametre, mode avion, ajustes, configuracion, modo avion, impostazioni, uso in aereo, accessibility, privacy security, software update, mobile data, hotspot',
    fair: 'wifi, brightness, sound, battery, display, storage, privacy, security, permission, general, appearance, wallpaper, language, keyboard, network, hotspot, enable, disabled, enabled, cellular, location service, ton, akku, anzeige, batterie, son, bateria, sonido, batteria, suono, vpn, dark mode, account, proxy, advanced, reset, about, siri, datenschutz, speicher, default app',
    weak: 'on, off, connected, device, app, system, update, version, default, sync, time, date, ein, aus, toggle, auto, search',
    signals: screen,
  },
  {
    path: 'Screenshots/Web',
    kind: 'screenshot of a web page',
    description: 'Screenshots of web pages',
    aliases: ['Screenshots/Websites'],
    strong:
      'sign in, log in, sign up, add to cart, add to basket, accept cookie, cookie policy, privacy policy, terms of service, all rights reserved, subscribe, newsletter, wishlist, anmelden, warenkorb, in den warenkorb, impressum, datenschutzerklärung, se connecter, panier, ajouter au panier, iniciar sesion, añadir a la cesta, accedi, carrello, skip to content, sponsored, wikipedia, free shipping, read more',
    fair: 'search, menu, home, blog, news, login, logout, register, cookie, share, comment, like, follower, follow, trending, video, subscriber, view, shop, forum, popular, category, filter, sort by, review, faq, copyright, contact us, about us, download, suche, startseite, mehr erfahren, rechercher, accueil, buscar, inicio, cerca, learn more, upvote, youtube, twitter, facebook, instagram, reddit, amazon, retweet, article, browse, tab, edit, history, explore, premium, kostenlos, rating, star',
    weak: 'page, click, link, view, more, new, top, free, help, account, language, privacy, best, latest, hour ago, minute ago, day ago, online, item, price',
    patterns: [
      {
        means: 'a web address',
        regex: /\bhttps?:\/\/|\bwww\.|\b[\w-]+\.(com|org|net|io|de|fr|es|it|co\.uk)\b/i,
        points: 1.2,
      },
    ],
    signals: screen,
  },
  {
    path: screenshotsFolder,
    kind: 'screenshot',
    description: 'Screenshots of other things',
    aliases: ['Screens', 'Bildschirmfotos', 'Captures d’écran', 'Capturas de pantalla', 'Schermate'],
    signals: screen,
    speaksBySignals: true,
  },
  {
    path: 'Notes',
    kind: 'note',
    description: 'Whiteboards, handwritten and other notes',
    aliases: ['Notizen', 'Whiteboards', 'Apuntes', 'Appunti'],
    strong:
      'whiteboard, brainstorm, action item, to do, todo, todo list, shopping list, einkaufsliste, next step, meeting note, brainstorming, notizen, apunte, appunti, lista de la compra, lista della spesa, liste de course, retro, sprint, stand up, offene punkte, ideas',
    fair: 'idea, backlog, goal, who what when, roadmap, milestone, remember, blocker, deadline, user story, mvp, note, owner, priority, pros, cons, kickoff, went well, ask, call, buy, brot, milch, aufgaben, stakeholder, draft, timeline, parking lot, check, fix, kaufen',
    weak: 'meeting, plan, team, week, monday, tuesday, wednesday, thursday, friday, launch, design, budget, why, how, list, milk, bread, egg, montag, freitag, risk, question, review, start, stop, mail',
    patterns: [
      {
        means: 'a list with ticks or arrows',
        regex: /^\s*(-|\*|•|\[[ xX]?\]|☐|☑|->|→)\s?\S.*\n\s*(-|\*|•|\[[ xX]?\]|☐|☑|->|→)\s?\S/m,
        points: 1.4,
      },
    ],
  },
  {
    path: 'Recipes',
    kind: 'recipe',
    description: 'Cooking recipes',
    aliases: ['Rezepte', 'Kochrezepte', 'Recettes', 'Recetas', 'Ricette', 'Cooking'],
    strong:
      'recipe, ingredient, preheat, tablespoon, teaspoon, tbsp, tsp, simmer, whisk, preparation time, cooking time, zutaten, zubereitung, backofen, vorheizen, esslöffel, teelöffel, rezept, ingredients pour, recette, prechauffer, cuillere, receta, cucharada, precalentar, ricetta, cucchiaio, preriscaldare, saute, knead, ingredienti, ingrediente, soffriggere, dough',
    fair: 'flour, butter, sugar, oven, serve, serving, stir, bake, boil, chop, mince, garlic, onion, cup, salt, pepper, bowl, mix, pan, minute, mehl, zucker, ei, backen, kochen, schneiden, zwiebel, farine, beurre, sucre, oeuf, four, melanger, harina, azucar, mantequilla, horno, huevo, cebolla, mezclar, farina, burro, zucchero, uovo, forno, cipolla, mescolare, drain, season, cook, medium heat, prise salz, sel, sal, sale, olive oil, vanilla, yeast, golden, hitze, verrühren, aceite, ajo',
    weak: 'add, heat, oil, water, milk, egg, cream, slice, fresh, prep, cheese, tomato, chicken, servings, cool, until, cover, remove, portionen, personnes, personas, persone, vegetable',
    signals: { quantities: 2 },
  },
  {
    path: 'Menus',
    kind: 'menu',
    description: 'Menus of restaurants and cafés',
    aliases: ['Speisekarten', 'Restaurants', 'Cartes', 'Menú'],
    strong:
      'starter, main course, dessert, appetizer, appetiser, entree, side dish, soup of the day, house wine, served with, speisekarte, vorspeise, hauptgericht, nachspeise, beilage, entrees, plat, plat du jour, entrante, plato principal, postre, antipasti, primi, secondi, contorni, dolci, menu del dia, getränke, kindergericht, hors d oeuvre, boisson, fromage',
    fair: 'menu, main, beverage, drink, salad, soup, grilled, wine, beer, coffee, cappuccino, espresso, tea, fries, burger, pizza, pasta, steak, salmon, vegetarian, vegan, gluten free, allergen, chef, wein, bier, suppe, salat, schnitzel, vin, salade, vino, cerveza, ensalada, sopa, birra, insalata, risotto, tiramisu, glass, bottle, cocktail, roasted, sauce, breakfast, brunch, lunch, dinner, sandwich, latte, garni, seasonal, smoothie, curry, pommes, frites, carte, tarte, mousse, terrine, creme brulee, bruschetta, mozzarella',
    weak: 'chicken, beef, fish, cheese, tomato, rice, potato, fresh, egg, bread, cream, chocolate, lemon, juice, water, hot, special, onion, garlic, roast, restaurant, cafe, oder, mit',
    signals: { prices: 0.7 },
  },
  {
    path: 'Business Cards',
    kind: 'business card',
    description: 'Business cards',
    aliases: ['Visitenkarten', 'Cartes de visite', 'Tarjetas de visita', 'Biglietti da visita', 'Contacts'],
    strong:
      'managing director, ceo, cto, cfo, founder, sales manager, geschäftsführer, chief executive officer, account manager, product manager, software engineer, attorney at law, gerente, directeur, vice president, co founder, head of, business card, real estate agent, project manager, titolare, inhaber, direttore, vertriebsleiter',
    fair: 'mobile, mob, cell, email, mail, phone, fax, tel, director, manager, consultant, engineer, architect, mobil, telefon, telefono, portable, cellulare, movil, linkedin, partner, office, direct, president, designer, developer, marketing, avvocato, studio, dipl ing, web, skype, agency',
    weak: 'www, street, suite, floor, ltd, gmbh, inc, llc, group, company, solution, co, dr, sales, com, road, avenue, via, rue, calle',
    patterns: [
      { means: 'an email address', regex: /[\w.+-]+ ?@ ?[\w-]+\.[a-z]{2,}/i, points: 1 },
      { means: 'a telephone number', regex: /\+\d{1,3}[\d ()./-]{7,}|\(\d{3}\) ?\d{3}[- ]\d{4}/, points: 1 },
    ],
    signals: { shortText: 1.4 },
  },
  {
    path: 'Certificates',
    kind: 'certificate',
    description: 'Certificates, diplomas and awards',
    aliases: ['Urkunden', 'Zeugnisse', 'Diplomas', 'Diplômes', 'Certificados', 'Certificati'],
    strong:
      'certificate of, this is to certify, certify that, this certificate, hereby certify, diploma, bachelor of, master of science, degree of, has successfully completed, is awarded to, awarded to, zeugnis, urkunde, bescheinigung, zertifikat, certificat, certifie que, diplome, certificado, certifica que, titulo de, certificato, attestato, certifica che, certificate, birth certificate, marriage certificate, abschlusszeugnis, bestanden, transcript, presented to, successfully completed, geburtsurkunde',
    fair: 'award, awarded, certify, completion, successfully, achievement, graduation, university, degree, honour, honor, conferred, recognition, universität, hochschule, universite, universidad, universita, teilgenommen, erfolgreich, grade, excellence, faculty, dean, registrar, training course, participation, school, seminar, teilnahme, chancellor, attended, vorsitzende, rector',
    weak: 'course, date, signature, president, seal, program, name, class, training, hour, institute, academy, year, exam',
  },
  {
    path: 'Forms',
    kind: 'form',
    description: 'Forms and applications',
    aliases: ['Formulare', 'Applications', 'Formulaires', 'Formularios', 'Moduli'],
    strong:
      'application form, registration form, please print, fill in, fill out, block capital, for office use only, check one, tick the box, please tick, formular, antrag, anmeldeformular, ausfüllen, zutreffendes ankreuzen, formulaire, cocher, remplir, formulario, solicitud, rellenar, modulo, compilare, barrare, first name last name, applicant signature, consent form, in block letter, questionnaire, please complete, applicant, domanda, antragsteller, requerant',
    fair: 'form, first name, last name, middle name, marital status, occupation, postcode, zip code, date of birth, application, emergency contact, optional, required, male female, single married, signature of applicant, familienstand, beruf, anschrift, unterschrift, prenom, etat civil, estado civil, firma, stato civile, indirizzo, codigo postal, home address, phone number, parent, guardian, enrolment, registration, yes no, geschlecht, wohnort, ja nein, telephone, given name, member, daytime',
    weak: 'name, address, city, state, phone, email, date, signature, section, part, sex, age, gender, box, relationship, number, vorname, plz, ort, adresse, nombre, nome',
    patterns: [{ means: 'blanks to fill in', regex: /_{4,}|\.{8,}|\[ \]|☐|□/, points: 2 }],
  },
  {
    path: 'Books',
    kind: 'book or article',
    description: 'Pages of books, papers, newspapers and magazines',
    aliases: ['Articles', 'Reading', 'Bücher', 'Livres', 'Libros', 'Libri'],
    strong:
      'chapter, isbn, abstract, bibliography, table of content, et al, doi, journal of, kapitel, chapitre, capitulo, capitolo, footnote, preface, published by, all rights reserved no part, inhaltsverzeichnis, literaturverzeichnis, volume, newspaper, proceedings, press, author',
    fair: 'introduction, reference, figure, edition, publisher, novel, editor, study, research, theory, hypothesis, conclusion, method, keyword, roman, verlag, editorial, said, reporter, correspondent, minister, government, studie, etude, estudio, studio, literature, science, philosophy, historian, appendix, page, spokesman, professor, critic',
    weak: 'he, she, had, was, were, who, thought, looked, which, result, data, analysis, section, story, century, history, people, university, told, eyes, voice, published, paper, year',
    signals: { prose: 1.2 },
  },
  {
    path: 'Slides',
    kind: 'slide',
    description: 'Slides of presentations',
    aliases: [
      'Presentations',
      'Folien',
      'Präsentationen',
      'Présentations',
      'Presentaciones',
      'Presentazioni',
    ],
    strong:
      'agenda, slide, key takeaway, takeaway, thank you for your attention, any question, executive summary, our mission, vielen dank für ihre aufmerksamkeit, folie, ordre du jour, market opportunity, key finding, swot, keynote, presentation, outline, next steps, lecture, learning objective, market share, business model, overview',
    fair: 'overview, strategy, revenue growth, growth, kpi, roadmap, vision, mission, strength, weakness, opportunity, threat, market, customer, quarter, competitor, yoy, conference, summary, target, pipeline, objective, challenge, strategie, ziele, ausblick, stakeholder, speaker, workshop, framework, architecture, solution, conclusion, highlight, benefit, überblick, wachstum',
    weak: 'team, data, goal, product, business, model, value, plan, analysis, result, process, user, key, question, million, why, sales, cost, example',
    patterns: [{ means: 'bullet points', regex: /^\s*[•▪●◦·o-]\s\S.*\n\s*[•▪●◦·o-]\s\S/m, points: 1.2 }],
    signals: { slideShape: 0.8 },
  },
  {
    path: documentsFolder,
    kind: 'document',
    description: 'Other pages of text',
    aliases: ['Dokumente', 'Documenti', 'Documentos', 'Scans'],
    strong:
      'memorandum, minutes of the meeting, press release, protokoll, manual, user manual, instruction, bedienungsanleitung, mode d emploi, manual de instrucciones, istruzioni',
    fair: 'report, document, memo, policy, procedure, guideline, bericht, rapport, informe, relazione, warning, installation, warranty, safety',
    weak: 'page, section, information, follow, please',
    signals: { prose: 4.2, scanName: 0.8 },
    speaksBySignals: true,
  },
];
