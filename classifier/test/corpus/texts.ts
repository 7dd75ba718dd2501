/**
 * Documents as people have them, made up for these tests: `== <expected folder>` begins a text, `# <note>` names it.
 * They are not written with the taxonomy's lists at hand.
 */
export const texts = String.raw`
== Receipts
GREENLEAF SUPERMARKET
14 Harbour View, Port Anson
Tel 555-0142
12/03/2023 17:42 Till 4 Op: Maria
BANANAS 1.20
WHOLE MILK 2L 2.15
BREAD SEEDED 1.80
EGGS LARGE 12 3.40
TOTAL 8.55
CASH 10.00
CHANGE 1.45
Thank you for shopping with us
== Receipts
WARUNG MAJU ENTERPRISE
NO 8 JALAN BESAR 50300 KUALA LUMPUR
GST ID 001122334455
TAX INVOICE
Bill No 004519 Table 7 Pax 2
1 Nasi Lemak Ayam 9.90
2 Teh Tarik 5.00
Sub Total 14.90
Service Charge 10% 1.49
GST 6% 0.98
Rounding 0.03
TOTAL RM 17.40
CASH 20.00
CHANGE 2.60
THANK YOU PLEASE COME AGAIN
== Receipts
REWE Markt GmbH
Hauptstr. 22 10115 Berlin
UID Nr. DE812706034
EUR
APFEL ROT 2,49 B
JOGHURT NATUR 0,99 B
KAFFEE GEMAHLEN 5,79 B
SUMME EUR 9,27
Geg. BAR 20,00
Rückgeld BAR 10,73
Steuer % Netto Steuer Brutto
B 7,0% 8,66 0,61 9,27
Vielen Dank für Ihren Einkauf
Bon-Nr. 4471 Kasse 3
== Receipts
SHELL STATION 0443
PUMP 06 UNLEADED
LITRES 38.21
PRICE/L 1.559
FUEL SALE 59.57
VISA XXXX XXXX XXXX 4411
AUTH 093322 CONTACTLESS
DEBITED 59.57 GBP
PLEASE KEEP THIS RECEIPT
== Receipts
MONOPRIX LYON
Ticket de caisse
PAIN COMPLET 1,95
FROMAGE BLANC 2,40
TOMATES 3,12
TOTAL 7,47 EUR
ESPECES 10,00
RENDU 2,53
Merci de votre visite et à bientôt
== Receipts
BAR CENTRALE SNC
VIA ROMA 12 TORINO
P.IVA 01234567890
DOCUMENTO COMMERCIALE
2 CAFFE' 2,60
1 CORNETTO 1,40
TOTALE COMPLESSIVO 4,00
PAGAMENTO CONTANTE 5,00
RESTO 1,00
GRAZIE E ARRIVEDERCI
== Receipts
Joe's Hardware & Paint
Customer copy
hammer claw 16oz 18.99
wood screws box 6.49
sandpaper 3 @ 1.25 3.75
Subtotal 29.23
Sales tax 8.25% 2.41
Total 31.64
MasterCard ending 0912 approved
Returns within 30 days with receipt
Store #88 Reg 2 Cashier 104
== Invoices
Brightwave Studio Ltd
Invoice INV-2023-0187
Issued 4 September 2023
Bill to: Harlow & Finch LLP, 9 Market Street, Leeds
Due date 4 October 2023
Website redesign, phase two 40 hours 65.00 2,600.00
Hosting setup 1 150.00 150.00
Subtotal 2,750.00
VAT 20% 550.00
Amount due £3,300.00
Please transfer to Sort code 20-11-43 Account 55667788
Payment terms 30 days
== Invoices
Stadtwerke Musterstadt
Rechnung Nr. 2023-991244
Kundennummer 7712009
Rechnungsdatum 15.02.2023
Ihr Stromverbrauch vom 01.01.2022 bis 31.12.2022
Verbrauch 2.310 kWh
Arbeitspreis 739,20
Grundpreis 118,80
Nettobetrag 858,00
MwSt 19% 163,02
Rechnungsbetrag 1.021,02 EUR
Bitte überweisen Sie den Betrag bis zum 01.03.2023
IBAN DE02 1203 0000 0000 2020 51
== Invoices
SARL DUPONT PLOMBERIE
Facture n° F2022-114
Date de facture 08/06/2022
Client: Mme Bernard
Remplacement chauffe-eau 1 890,00
Main d'oeuvre 4 h 55,00 220,00
Total HT 1110,00
TVA 10% 111,00
Total TTC 1221,00
Règlement par virement à 30 jours
IBAN FR76 3000 6000 0112 3456 7890 189
== Invoices
NORTHERN TELECOM
Account number 88213377
Bill date 01 May 2024
Billing period 1 Apr - 30 Apr
Broadband Fibre 100 32.00
Line rental 18.50
Calls 4.12
Total charges this month 54.62
Payment due by 18 May 2024
A late fee of 5.00 may apply
== Invoices
Fattura n. 45/2023 del 10/10/2023
Rossi Impianti Srl
Cliente: Condominio Via Verdi 8
Descrizione Quantità Prezzo unitario Importo
Manutenzione caldaia 1 180,00 180,00
Imponibile 180,00
IVA 22% 39,60
Totale fattura 219,60
Pagamento: bonifico bancario a 30 giorni
Scadenza 10/11/2023
== Invoices
INVOICE # 10233
Maple Landscaping LLC
Sold to Dana Whitfield
PO number 7781
Lawn care April qty 4 unit price 45.00 180.00
Hedge trimming 1 120.00
Total 300.00
Terms Net 15. Please remit payment to PO Box 19, Salem OR
Thank you for your business
== Letters
14 Elm Grove
Bristol
3rd June 2021
Dear Mrs Palmer,
Thank you for your letter of 20 May about the footpath behind your garden. We have asked the council to inspect the fence and we expect their answer before the end of the month.
Please do not hesitate to contact me if anything else is needed.
Yours sincerely,
Thomas Reed
== Letters
Sehr geehrte Frau Lindner,
vielen Dank für Ihr Schreiben vom 3. April. Leider können wir Ihrer Bitte um eine Verlängerung der Frist nicht entsprechen. Wir bitten Sie, die fehlenden Unterlagen bis Ende des Monats nachzureichen.
Mit freundlichen Grüßen
Karl Weber
Stadtverwaltung
== Letters
Madame, Monsieur,
Je me permets de vous écrire au sujet du poste d'assistante que vous proposez. Mon expérience de dix ans dans l'accueil me semble répondre à vos attentes. Je reste à votre disposition pour un entretien.
Veuillez agréer, Madame, Monsieur, mes salutations distinguées.
Claire Fontaine
== Letters
Dear Grandma,
we are having a lovely time at the sea. The children swim every day and Paul has learned to row. It rained only once. We are looking forward to seeing you in August and will bring you some shells.
With love from all of us
Emma
== Contracts
RESIDENTIAL LEASE AGREEMENT
This agreement is made on 1 July 2022 between Oakfield Homes (the Landlord) and Priya Nair (the Tenant).
1. The Landlord lets the premises at 5 Mill Lane for a term of twelve months.
2. The monthly rent is 1,150 payable on the first day of each month.
3. The Tenant shall pay a deposit of 1,300.
4. Either party may end this lease with two months written notice.
5. The Tenant shall keep the premises in good repair.
Signed by Landlord Tenant
== Contracts
MUTUAL NON-DISCLOSURE
This contract is entered into by Acorn Labs Inc and Blue Heron GmbH, each a party.
Confidential information means all information disclosed by one party to the other. The receiving party shall not disclose it to any third person. These obligations survive termination for three years.
Governing law: State of Delaware. In witness whereof the undersigned have executed this document.
== Contracts
Arbeitsvertrag
zwischen der Firma Holzbau Kern GmbH, nachfolgend Arbeitgeber, und Herrn Jonas Albrecht, nachfolgend Arbeitnehmer
§ 1 Beginn des Arbeitsverhältnisses am 01.09.2021
§ 2 Probezeit sechs Monate
§ 3 Die Vergütung beträgt monatlich 2.900 Euro brutto
§ 4 Urlaub 28 Tage
§ 5 Kündigungsfrist nach den gesetzlichen Bestimmungen
Ort, Datum, Unterschrift
== ID Documents
UNITED KINGDOM OF GREAT BRITAIN AND NORTHERN IRELAND
PASSPORT
Type P Code GBR Passport No 925665416
Surname MARTIN
Given names SARAH JANE
Nationality BRITISH CITIZEN
Date of birth 11 FEB 88
Sex F Place of birth CARDIFF
Date of issue 20 OCT 19
P<GBRMARTIN<<SARAH<JANE<<<<<<<<<<<<<<<<<<<<<
9256654164GBR8802117F2910204<<<<<<<<<<<<<<04
== ID Documents
BUNDESREPUBLIK DEUTSCHLAND
PERSONALAUSWEIS
Name MUSTERMANN
Vornamen ERIKA
Geburtstag 12.08.1983
Staatsangehörigkeit DEUTSCH
Geburtsort BERLIN
Gültig bis 01.08.2031
== ID Documents
CALIFORNIA USA
DRIVER LICENSE
DL I1234568
EXP 08/31/2027
LN CARDHOLDER
FN IMA
2570 24TH STREET SACRAMENTO CA 95818
DOB 08/31/1977
CLASS C SEX F HAIR BRN EYES BRN HGT 5-05 WGT 125 lb
== ID Documents
REPUBBLICA ITALIANA
CARTA DI IDENTITA / IDENTITY CARD
COMUNE DI MILANO
COGNOME / SURNAME ROSSI
NOME / NAME BIANCA
LUOGO E DATA DI NASCITA MILANO 30.12.1964
SESSO F STATURA 165
CITTADINANZA ITA
SCADENZA 30.12.2029
== Medical
Riverside Family Practice
Patient: Leo Hartmann DOB 04/07/1990
Rx
Amoxicillin 500 mg capsules
Take one capsule three times daily for 7 days
Qty 21 Refills 0
Dr. A. Novak
== Medical
LABORATORY REPORT
Name K. Osei Sample: venous blood
Hemoglobin 14.1 g/dL 13.0-17.0
WBC 6.2 10^9/L 4.0-10.0
Glucose fasting 92 mg/dL 70-99
Cholesterol total 210 mg/dL H
Creatinine 0.9
Reference ranges for adults. Ordered by Dr Lin
== Medical
Praxis Dr. med. Schuster
Befund MRT Knie rechts
Patientin Frau Vogel klagt über Schmerzen beim Gehen.
Diagnose: Innenmeniskusläsion
Therapie: Schonung, Physiotherapie, Ibuprofen 400 bei Bedarf
Kontrolle in vier Wochen
== Medical
Dr. Sophie Laurent Médecin généraliste
Ordonnance
M. Petit Julien
Paracétamol 1 g, un comprimé trois fois par jour pendant 5 jours
Sirop contre la toux, une cuillère le soir
== Tickets
BOARDING PASS
NAME KOWALSKI/ADAM MR
FROM WARSAW WAW TO LISBON LIS
FLIGHT LO 333 DATE 12MAY
GATE 24 BOARDING TIME 06:35 SEAT 14C
GROUP 3
Gate closes 15 minutes before departure
== Tickets
DB Online-Ticket
Flexpreis Einfache Fahrt
Hamburg Hbf - München Hbf
ICE 587 ab 09:01 Gl. 14 an 14:42 Gl. 22
Wagen 7 Sitzplatz 45
1 Erwachsener Klasse 2
Gültig am 04.11.2022
Auftragsnummer KX77P2
== Tickets
THE LANTERNS live
Royal Hall, Friday 17 November, doors 19:00
Stalls row H seat 22
Admit one
Order 55120 face value 42.50 incl. booking fee
No refunds or exchanges
== Tickets
RENFE
Billete de tren AVE 03102
MADRID PTA. ATOCHA 10:30
BARCELONA SANTS 13:15
Coche 6 Plaza 11A
Viajero LUCIA MORENO
Localizador Q8RT2Z
== Tickets
Your booking is confirmed
Hotel Miramar, Split
Check-in 14 July from 15:00 Check-out 18 July until 10:00
2 guests, double room with sea view, breakfast included
Reservation number 4471200931
== Bank Statements
FIRST HARBOR BANK
Statement of account
Statement period 01 Jan 2023 to 31 Jan 2023
Account 4400-11293
Beginning balance 2,310.44
01/03 Direct deposit ACME payroll 1,850.00
01/05 ATM withdrawal -200.00
01/11 Debit card purchase GROCER -64.12
01/20 Electric company -88.90
Ending balance 3,807.42
== Bank Statements
Sparkasse Südheim
Kontoauszug 3/2023 Blatt 1
Kontonummer 1029384756
Kontostand am 28.02.2023 1.204,33
02.03. Lastschrift Versicherung AG 45,20-
05.03. Gutschrift Gehalt 2.310,00+
15.03. Dauerauftrag Miete 780,00-
Neuer Kontostand 31.03.2023 2.689,13
== Bank Statements
Banco del Norte
Extracto de cuenta corriente
Periodo 01/02/2022 - 28/02/2022
Saldo anterior 1.540,20
03/02 Recibo luz 62,10
10/02 Ingreso nómina 1.720,00
18/02 Cajero 100,00
Saldo final 3.098,10
== Bank Statements
Crédit Régional
Relevé de compte n° 4
Ancien solde au 31/03/2023 845,10
04/04 Prélèvement EDF 71,00
06/04 Virement reçu 1 640,00
12/04 Carte SUPERMARCHE 54,30
Nouveau solde au 30/04/2023 2 359,80
== Payslips
Summit Logistics Ltd
Employee: R. Okafor No 2217
Pay date 28/04/2023 Tax code 1257L
Basic pay 2,400.00
Overtime 150.00
PAYE tax 298.40
National Insurance 171.20
Pension 120.00
Gross pay 2,550.00 Net pay 1,960.40
Year to date gross 10,200.00
== Payslips
Entgeltabrechnung Mai 2022
Personalnummer 00431 Steuerklasse 1
Grundgehalt 3.200,00
Gesamtbrutto 3.200,00
Lohnsteuer 452,16
Krankenversicherung 254,40
Rentenversicherung 297,60
Gesetzliches Netto 2.146,00
Auszahlungsbetrag 2.146,00
== Payslips
BULLETIN DE PAIE
Période du 01/09/2021 au 30/09/2021
Salarié DURAND Paul Emploi magasinier
Salaire de base 151,67 h 1 720,00
Cotisations sécurité sociale 210,30
Retraite complémentaire 68,10
Total des retenues 378,40
Net à payer 1 341,60
== Tax
Department of the Treasury - Internal Revenue Service
Form 1040 U.S. Individual Income Tax Return 2021
Filing status Single
Wages, salaries, tips 48,200
Taxable interest 31
Adjusted gross income 48,231
Standard deduction 12,550
Refund 1,204
== Tax
Finanzamt Neustadt
Bescheid für 2020 über Einkommensteuer und Solidaritätszuschlag
Festsetzung
Zu versteuerndes Einkommen 41.230
Festgesetzte Einkommensteuer 8.612,00
Abzüglich Steuerabzug vom Lohn 9.020,00
Erstattung 408,00
== Tax
Direction générale des Finances publiques
Avis d'impôt 2022 sur les revenus de 2021
Revenu fiscal de référence 28 410
Nombre de parts 2
Montant de l'impôt 1 032
Prélèvement à la source déjà versé 1 100
== Insurance
EVERGREEN MUTUAL
Auto insurance card
Policy number AP-339120
Insured Miguel Santos
Vehicle 2018 Honda Civic
Coverage Liability, collision, comprehensive
Effective 06/01/2023 to 12/01/2023
Premium 612.00
== Insurance
Allgemeine Versicherung AG
Versicherungsschein Hausratversicherung
Versicherungsnehmer Petra Maurer
Versicherungssumme 65.000 EUR
Selbstbeteiligung 150 EUR
Jahresbeitrag 98,40 EUR
Beginn 01.01.2022
== Insurance
MAIF Attestation d'assurance habitation
Nous certifions que M. Girard est assuré pour sa responsabilité civile et les dommages à son logement
Contrat n° 3391822 H
Franchise 130 €
Valable du 01/01/2023 au 31/12/2023
== Shipping
PRIORITY MAIL 2-DAY
SHIP TO: Kelly Brandt 81 Orchard Ave Boise ID 83702
FROM: Parts Direct 20 Dock Rd Reno NV
Weight 2 lb 4 oz
USPS TRACKING # 9405 5112 0620 3344 1009 88
== Shipping
Lieferschein 20231187
Empfänger: Tischlerei Ahrens
Versand per DHL Paket Sendungsnummer 003404341609
2 Stück Bandschleifer
1 Karton Schleifpapier
Ware vollständig erhalten
== Screenshots/Code
import os
from pathlib import Path
def load(path: Path) -> dict:
    with open(path) as handle:
        return json.load(handle)
if __name__ == "__main__":
    print(load(Path("settings.json")))
== Screenshots/Code
dev@box:~/project$ git status
On branch main
Changes not staged for commit:
  modified: src/index.ts
dev@box:~/project$ npm run build
> build
> tsc -p .
Done in 3.2s
dev@box:~/project$ ls /var/log
== Screenshots/Code
public class Counter {
  private int value = 0;
  public void increment() {
    value++;
  }
  public static void main(String[] args) {
    System.out.println(new Counter().value);
  }
}
== Screenshots/Chats
Mia
online
are you coming tonight? 18:02
yes! leaving at 7 18:03
can you bring the cake 18:03
haha sure 18:04
love you see you soon 18:05
Type a message
== Screenshots/Chats
Familie Gruppe
Mama, Papa, Tim, Du
Gestern
Wann kommt ihr an? 16:20
So gegen 8 16:25
Super, dann koche ich was 16:26
Danke! bis gleich 16:31
Nachricht
== Screenshots/Chats
Carlos
últ. vez hoy a las 21:14
Hola, qué tal 20:51
Bien y tú? jajaja 20:53
Mañana a las 10 en el parque? 20:55
Vale, nos vemos 20:56
Mensaje
== Screenshots/Errors
:(
Your PC ran into a problem and needs to restart. We're just collecting some error info, and then we'll restart for you.
20% complete
For more information about this issue and possible fixes, visit our site
Stop code: CRITICAL_PROCESS_DIED
== Screenshots/Errors
Update failed
Something went wrong while installing the package. Error code 0x80070643
Try again or contact your administrator
Close Retry
== Screenshots/Errors
Verbindung fehlgeschlagen
Ein Fehler ist aufgetreten. Der Server antwortet nicht (Fehlercode 503).
Bitte versuchen Sie es später erneut
Abbrechen OK
== Screenshots/Maps
Best route
25 min (14 km)
via A40, usual traffic
Start from Central Station
Turn right onto Park Avenue
At the roundabout take the second exit
Arrive at Museum of Science
Map data 2023
== Screenshots/Maps
Search here
Restaurants Hotels Petrol Pharmacies
Lakeside Park
Directions Start Save Share
4.6 (812) 2.3 km 31 min walk
Satellite Layers
== Screenshots/Settings
Settings
Airplane Mode
Wi-Fi HomeNet5G
Bluetooth On
Mobile Data
Notifications
Sounds & Haptics
Display & Brightness
Battery
Privacy & Security
General
== Screenshots/Settings
Einstellungen
WLAN Verbunden
Bluetooth Ein
Mobilfunk
Mitteilungen
Töne
Anzeige & Helligkeit
Akku
Datenschutz
== Screenshots/Web
Home News Reviews Forum
Sign in Subscribe
The ten best walking boots we tested this year
By Alan Pierce 3 days ago 48 comments
Share this article Facebook Twitter
We use cookies to improve your experience Accept Reject
Popular posts
www.trailgear.example.com
== Screenshots/Web
Startseite Produkte Angebote Kontakt
Warenkorb (2) Anmelden
Akku-Bohrschrauber 18V
129,00 € inkl. MwSt. zzgl. Versand
Kundenbewertungen 4,5 von 5 Sternen
In den Warenkorb
Impressum Datenschutz AGB
== Notes
Sprint retro
went well: pairing, faster reviews
to improve: flaky tests, long meetings
action items
- Anna: fix CI
- Raj: write onboarding doc
- all: fewer meetings
== Notes
Shopping list
- milk
- eggs
- bread
- toilet paper
- cat food
call the plumber
== Notes
IDEAS launch plan Q3
who? what? when?
-> beta users
-> pricing page
-> press kit
deadline 15 Sept
owner: Kim
== Recipes
Lemon drizzle loaf
225g butter softened
225g caster sugar
4 eggs
275g self raising flour
zest of 2 lemons
Heat the oven to 180C. Beat together the butter and sugar until pale, add the eggs one at a time, then fold in the flour. Bake for 45 minutes and pour over the glaze while warm. Serves 10
== Recipes
Kartoffelsuppe für 4 Personen
Zutaten: 800 g Kartoffeln, 2 Möhren, 1 Zwiebel, 1 l Gemüsebrühe, 200 ml Sahne, Salz, Pfeffer, Muskat
Die Zwiebel würfeln und in Butter anschwitzen. Kartoffeln und Möhren schälen, schneiden und dazugeben. Mit Brühe aufgießen und 20 Minuten kochen. Pürieren, Sahne unterrühren und abschmecken.
== Recipes
Tortilla española
Ingredientes: 6 huevos, 500 g de patatas, 1 cebolla, aceite de oliva, sal
Pelar y cortar las patatas. Freír con la cebolla a fuego lento durante 20 minutos. Batir los huevos, mezclar con las patatas y cuajar en la sartén por los dos lados.
== Recipes
Pancakes from mum
1 cup flour
1 tbsp sugar
2 tsp baking powder
1 cup milk
1 egg
Whisk everything, rest 10 min, fry in a little butter until golden
== Menus
LA TERRAZZA
Antipasti
Bruschetta al pomodoro 6,50
Caprese 8,00
Primi
Spaghetti alle vongole 14,00
Risotto ai funghi 13,50
Secondi
Tagliata di manzo 21,00
Dolci
Tiramisù 6,00
== Menus
The Copper Kettle
Starters
Soup of the day with sourdough 5.50
Smoked salmon, dill cream 8.00
Mains
Fish and chips, mushy peas 13.95
Mushroom risotto (v) 12.50
Rib-eye steak, fries 22.00
Puddings
Sticky toffee pudding 6.50
== Menus
Gasthaus zum Ochsen
Vorspeisen
Rinderbrühe mit Flädle 4,90
Feldsalat mit Speck 7,80
Hauptgerichte
Wiener Schnitzel mit Pommes 16,90
Käsespätzle 12,50
Getränke
Helles vom Fass 0,5 l 4,20
Apfelschorle 3,60
== Business Cards
Dr. Helena Strand
Managing Partner
Strand & Vik Architects AS
Mob +47 912 34 567
helena@strandvik.example
Kaigata 12, 5015 Bergen
== Business Cards
Marco Bellini
Sales Director
Bellini Tessuti S.p.A.
Via Manzoni 41, 20121 Milano
Tel +39 02 1234567 Cell. +39 333 7654321
m.bellini@bellinitessuti.example
== Business Cards
GREEN ROOF SOLUTIONS
Amy Tran
Account Executive
(415) 555-0137
amy.tran@greenroof.example
www.greenroof.example
== Certificates
CERTIFICATE OF COMPLETION
This certifies that
Noah Bergstrom
has completed the 40 hour course
First Aid and Emergency Response
Awarded on 9 March 2022
Instructor
== Certificates
Universität Grünstadt
Urkunde
Die Fakultät für Biologie verleiht Frau Lena Koch den akademischen Grad Master of Science, nachdem sie die Prüfung mit der Gesamtnote sehr gut bestanden hat.
Der Dekan
== Certificates
The University of Eastmoor
By authority of the Senate be it known that
Ada Mensah
having completed the studies and satisfied the requirements has been admitted to the degree of
Bachelor of Arts
Chancellor Registrar
== Forms
MEMBERSHIP APPLICATION
Please complete in block letters
First name ________ Last name ________
Address ________________
Postcode ________ Telephone ________
Date of birth __/__/____
Emergency contact ________
Signature ________ Date ________
== Forms
Antrag auf Ausstellung eines Bibliotheksausweises
Name: ............ Vorname: ............
Anschrift: ................
Geburtsdatum: ............
Zutreffendes bitte ankreuzen
[ ] Erwachsener [ ] Schüler
Datum, Unterschrift
== Books
CHAPTER SEVEN
The morning after the storm the harbour was quiet. Elias walked along the quay, past the overturned boats, and thought about what the old woman had told him. He had not believed her then; now, with the lighthouse dark and the road washed away, he was no longer sure. She had looked at him with those pale eyes and said nothing more.
214
== Books
Abstract
We study the effect of light on the growth of seedlings in a controlled environment. Our results show that short pulses increase leaf area by 12 percent compared with the control group. These findings support the hypothesis proposed by Tanaka et al. and suggest further research on timing.
Keywords: photobiology, growth, seedlings
1 Introduction
== Books
City council votes to close old bridge
By our correspondent
The council voted on Tuesday to close the river bridge for two years. The mayor said the repairs could no longer wait. Residents told this newspaper they fear for their shops. A spokesman for the traders called the plan a disaster. The government will pay half of the cost.
== Slides
Q2 Business Review
Agenda
• Highlights
• Revenue growth by region
• Customer satisfaction
• Roadmap and next steps
Acme Corp 2023 Confidential
== Slides
Why now?
• Market doubles every 4 years
• Competitors are slow
• Our strengths: team, data, distribution
Key takeaway: move first
12
== Documents
The village lies at the end of a long valley between two rivers. In winter the road is often closed and people keep wood and food for many weeks. There are forty houses, a small church and a mill that has not turned for years. Most of the younger people have gone to work on the coast but they come back for the summer when the fields have to be cut.
== Documents
Before you begin, make sure that all parts are in the box. Put the side panels on a soft surface. Attach the legs with the screws and tighten them by hand only. When all four are in place turn the table over with the help of another person and then tighten the screws with the key. Do not use a drill. Keep small parts away from children.
`;
