"""The parties of the made-up Rivermark Food Network."""

ECOSYSTEM = "Rivermark Food Network"
PURPOSE = (
    "Growers, shops, a food bank, a town and a university bring food from the valley to the people who live in it. "
    "Together they want fair prices, less waste and a place for newcomers."
)

STAKEHOLDERS = """group;name;note
partners;Rivermark Growers’ Cooperative;42 farms, owner of the packing house
partners;Hillside Organic Growers;vegetables and herbs
partners;Three Oaks Orchard;apples, pears and juice
partners;Lowmeadow Dairy;milk and cheese from nine farms
partners;Greenleaf Stores;eleven shops in the valley
partners;Bridge Street Market;Saturday market with thirty stalls
partners;Corner Pantry Retail Group;neighbourhood shops
partners;Valley Wheels Logistics;cold chain and cargo bikes
partners;Town of Rivermark;procurement and land use
partners;University Soil and Food Lab;soil tests and student projects
partners;Rivermark Credit Union;loans for young growers
employees;Packing house crew;four shifts
employees;Field coordinators;plan harvest and deliveries
employees;Shop floor teams at Greenleaf;eleven shops
employees;Delivery riders;Valley Wheels
employees;Office of the cooperative;members, finance, planning
employees;Seasonal pickers;May to October
customers;Box scheme households;weekly vegetable box
customers;School kitchens of Rivermark;twelve schools
customers;Riverside Hospital kitchen;four hundred meals a day
customers;Restaurants of the old town;eighteen kitchens
customers;Greenleaf regular customers;loyalty card holders
customers;Market visitors;Saturdays
communities;Rivermark Food Bank;families in need
communities;Pickers’ Council;speaks for seasonal workers
communities;Eastbank Neighbours;lives beside the packing house
communities;Newcomers’ Kitchen;cooks and learns together
communities;Friends of the River;water and hedgerows
communities;Senior Citizens’ Table;lunch on weekdays
"""

FIRST_NAMES = [
    "Abena",
    "Adil",
    "Aino",
    "Bruno",
    "Carla",
    "Chidi",
    "Dara",
    "Elif",
    "Emil",
    "Farah",
    "Fynn",
    "Gita",
    "Hana",
    "Hugo",
    "Ilse",
    "Ivan",
    "Jada",
    "Jens",
    "Kaya",
    "Kofi",
    "Lara",
    "Liam",
    "Mei",
    "Mika",
    "Nadia",
    "Nils",
    "Olga",
    "Omar",
    "Petra",
    "Quinn",
    "Rosa",
    "Rui",
    "Saida",
    "Sven",
    "Tara",
    "Theo",
    "Uma",
    "Vera",
    "Wim",
    "Yara",
    "Zoe",
]
LAST_NAMES = [
    "Abbott",
    "Berger",
    "Costa",
    "Dias",
    "Ekman",
    "Fischer",
    "Gruber",
    "Hansen",
    "Ito",
    "Jansen",
    "Keller",
    "Lopez",
    "Moreau",
    "Nagy",
    "Olsen",
    "Park",
]
