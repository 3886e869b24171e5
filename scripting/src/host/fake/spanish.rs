//! Spanish, which the `fake` crate lacks.

use fake::faker::impls::address::CityNameGenFn;
use fake::locales::Data;

/// Spanish of Spain.
#[derive(Clone, Copy)]
pub(super) struct SpanishOfSpain;

impl CityNameGenFn for SpanishOfSpain {}

#[rustfmt::skip]
impl Data for SpanishOfSpain {
    const NAME_FIRST_NAME: &'static [&'static str] = &[
        "Adrián", "Alba", "Alejandro", "Alicia", "Álvaro", "Ana", "Andrea", "Antonio", "Beatriz", "Blanca", "Carla",
        "Carlos", "Carmen", "Clara", "Cristina", "Daniel", "David", "Diego", "Elena", "Emilio", "Enrique", "Eva",
        "Fernando", "Francisco", "Gonzalo", "Guillermo", "Hugo", "Ignacio", "Inés", "Irene", "Isabel", "Iván", "Javier",
        "Jorge", "José", "Juan", "Julia", "Laura", "Lorena", "Lucas", "Lucía", "Luis", "Manuel", "Marcos", "María",
        "Mario", "Marta", "Martín", "Mateo", "Miguel", "Natalia", "Nicolás", "Noelia", "Nuria", "Óscar", "Pablo",
        "Patricia", "Paula", "Pedro", "Pilar", "Rafael", "Raquel", "Raúl", "Rocío", "Rosa", "Rubén", "Sandra", "Santiago",
        "Sara", "Sergio", "Silvia", "Sofía", "Sonia", "Teresa", "Tomás", "Vega", "Vicente", "Víctor", "Yolanda",
    ];
    const NAME_LAST_NAME: &'static [&'static str] = &[
        "Aguilar", "Alonso", "Álvarez", "Blanco", "Bravo", "Cabrera", "Calvo", "Campos", "Cano", "Carrasco", "Castillo",
        "Castro", "Cortés", "Crespo", "Cruz", "Delgado", "Díaz", "Díez", "Domínguez", "Fernández", "Ferrer", "Flores",
        "Fuentes", "Gallardo", "Gallego", "García", "Garrido", "Gil", "Giménez", "Gómez", "González", "Guerrero",
        "Gutiérrez", "Hernández", "Herrera", "Herrero", "Hidalgo", "Ibáñez", "Iglesias", "Jiménez", "León", "López",
        "Lorenzo", "Lozano", "Marín", "Martín", "Martínez", "Medina", "Méndez", "Molina", "Montero", "Morales", "Moreno",
        "Moya", "Muñoz", "Navarro", "Nieto", "Núñez", "Ortega", "Ortiz", "Parra", "Pascual", "Peña", "Pérez", "Prieto",
        "Ramírez", "Ramos", "Reyes", "Rodríguez", "Román", "Romero", "Rubio", "Ruiz", "Sáez", "Sánchez", "Santana",
        "Santiago", "Santos", "Sanz", "Serrano", "Soto", "Suárez", "Torres", "Vargas", "Vázquez", "Vega", "Vicente", "Vidal",
    ];
    const NAME_TITLE: &'static [&'static str] = &["Sr.", "Sra.", "Dr.", "Dra."];
    const ADDRESS_COUNTRY: &'static [&'static str] = &[
        "Alemania", "Argentina", "Australia", "Austria", "Bélgica", "Bolivia", "Brasil", "Canadá", "Chile", "China",
        "Colombia", "Corea del Sur", "Costa Rica", "Cuba", "Dinamarca", "Ecuador", "Egipto", "España", "Estados Unidos",
        "Finlandia", "Francia", "Grecia", "Guatemala", "India", "Irlanda", "Italia", "Japón", "Marruecos", "México",
        "Noruega", "Países Bajos", "Panamá", "Paraguay", "Perú", "Polonia", "Portugal", "Reino Unido", "Suecia", "Suiza",
        "Turquía", "Uruguay", "Venezuela",
    ];
    const ADDRESS_STATE: &'static [&'static str] = &[
        "Andalucía", "Aragón", "Asturias", "Canarias", "Cantabria", "Castilla y León", "Castilla-La Mancha", "Cataluña",
        "Comunidad Valenciana", "Extremadura", "Galicia", "Illes Balears", "La Rioja", "Madrid", "Murcia", "Navarra",
        "País Vasco",
    ];
    const ADDRESS_STREET_SUFFIX: &'static [&'static str] = &["Calle", "Avenida", "Plaza", "Paseo", "Camino", "Ronda"];
    const ADDRESS_STREET_TPL: &'static str = "{StreetSuffix} {StreetName}";
    const ADDRESS_ZIP_FORMATS: &'static [&'static str] = &["08###", "1####", "28###", "3####", "4####"];
    const ADDRESS_POSTCODE_FORMATS: &'static [&'static str] = &["1####", "2####", "3####", "4####"];
    const COMPANY_SUFFIX: &'static [&'static str] = &["S.A.", "S.L.", "S.L.U.", "e Hijos", "Hermanos"];
    const JOB_SENIORITY: &'static [&'static str] = &["Jefe de", "Responsable de", "Director de", "Asistente de"];
    const JOB_FIELD: &'static [&'static str] = &["Ventas", "Contabilidad", "Logística", "Marketing", "Calidad", "Diseño"];
    const JOB_POSITION: &'static [&'static str] = &["Nacional", "Regional", "Internacional", "Interno"];
    const JOB_TITLE_TPL: &'static str = "{Seniority} {Field} {Position}";
    const PHONE_NUMBER_FORMATS: &'static [&'static str] = &["+34 9## ### ###", "9## ## ## ##", "8## ## ## ##"];
    const PHONE_CELL_NUMBER_FORMATS: &'static [&'static str] = &["+34 6## ### ###", "6## ## ## ##", "7## ## ## ##"];
}
