"""Metadata as XML by ISO 19139, the encoding of ISO 19115; Chinese first, English as its locale."""

from xml.etree import ElementTree as ET

from layers.bilingual import Text
from layers.catalog.models import Cadence, Contact
from layers.serving.markup import writable
from layers.serving.metadata.description import Description

_SPACES = {
    "gmd": "http://www.isotc211.org/2005/gmd",
    "gco": "http://www.isotc211.org/2005/gco",
    "gml": "http://www.opengis.net/gml/3.2",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
for _prefix, _uri in _SPACES.items():
    ET.register_namespace(_prefix, _uri)
_CODES = "http://www.isotc211.org/2005/resources/Codelist/gmxCodelists.xml"
_FREQUENCIES = {
    Cadence.WEEKLY: "weekly",
    Cadence.MONTHLY: "monthly",
    Cadence.QUARTERLY: "quarterly",
    Cadence.YEARLY: "annually",
    Cadence.AS_NEEDED: "asNeeded",
}


def metadata_xml(layer: Description) -> bytes:
    """The whole document."""
    root = ET.Element(_name("gmd:MD_Metadata"))
    _string(root, "gmd:fileIdentifier", layer.id)
    _code(root, "gmd:language", "LanguageCode", "chi")
    _code(root, "gmd:characterSet", "MD_CharacterSetCode", "utf8")
    _code(root, "gmd:hierarchyLevel", "MD_ScopeCode", "dataset")
    _party(root, "gmd:contact", layer.steward)
    _moment(root, "gmd:dateStamp", "gco:DateTime", layer.updated)
    _string(root, "gmd:metadataStandardName", "ISO 19115:2003/19139")
    _string(root, "gmd:metadataStandardVersion", "1.0")
    _locale(root)
    system = "gmd:referenceSystemInfo/gmd:MD_ReferenceSystem/gmd:referenceSystemIdentifier"
    identifier = _below(root, f"{system}/gmd:RS_Identifier")
    _string(identifier, "gmd:code", "http://www.opengis.net/def/crs/EPSG/0/4490")
    _identification(_below(root, "gmd:identificationInfo/gmd:MD_DataIdentification"), layer)
    _distribution(root, layer)
    _quality(root, layer)
    return ET.tostring(root, encoding="UTF-8", xml_declaration=True)


def _name(name: str) -> str:
    prefix, _colon, local = name.partition(":")
    return f"{{{_SPACES[prefix]}}}{local}"


def _below(parent: ET.Element, path: str) -> ET.Element:
    for step in path.split("/"):
        parent = ET.SubElement(parent, _name(step))
    return parent


def _leaf(parent: ET.Element, path: str, text: str) -> None:
    _below(parent, path).text = writable(text)


def _string(parent: ET.Element, path: str, text: str) -> None:
    _leaf(parent, f"{path}/gco:CharacterString", text)


def _text(parent: ET.Element, path: str, text: Text) -> None:
    """A text in both languages (ISO 19139 §7, PT_FreeText)."""
    said = _below(parent, path)
    _string_in(said, text.zh or text.en)
    if text.zh and text.en:
        said.set(_name("xsi:type"), "gmd:PT_FreeText_PropertyType")
        group = "gmd:PT_FreeText/gmd:textGroup/gmd:LocalisedCharacterString"
        other = _below(said, group)
        other.set("locale", "#locale-en")
        other.text = writable(text.en)


def _string_in(parent: ET.Element, text: str) -> None:
    _leaf(parent, "gco:CharacterString", text)


def _code(parent: ET.Element, path: str, code_list: str, value: str) -> None:
    code = _below(parent, f"{path}/gmd:{code_list}")
    code.set("codeList", f"{_CODES}#{code_list}")
    code.set("codeListValue", value)
    code.text = value


def _moment(parent: ET.Element, path: str, kind: str, value) -> None:
    if value is None:
        _below(parent, path).set(_name("gco:nilReason"), "unknown")
    else:
        _leaf(parent, f"{path}/{kind}", value.isoformat())


def _locale(root: ET.Element) -> None:
    locale = _below(root, "gmd:locale/gmd:PT_Locale")
    locale.set("id", "locale-en")
    _code(locale, "gmd:languageCode", "LanguageCode", "eng")
    _code(locale, "gmd:characterEncoding", "MD_CharacterSetCode", "utf8")


def _party(parent: ET.Element, path: str, steward: Contact | None) -> None:
    if steward is None:
        _below(parent, path).set(_name("gco:nilReason"), "missing")
        return
    party = _below(parent, f"{path}/gmd:CI_ResponsibleParty")
    _text(party, "gmd:individualName", Text(steward.person_zh, steward.person_en))
    _text(party, "gmd:organisationName", Text(steward.organisation_zh, steward.organisation_en))
    if steward.role_zh or steward.role_en:
        _text(party, "gmd:positionName", Text(steward.role_zh, steward.role_en))
    contact = _below(party, "gmd:contactInfo/gmd:CI_Contact")
    _string(contact, "gmd:phone/gmd:CI_Telephone/gmd:voice", steward.phone)
    if steward.email:
        mail = "gmd:address/gmd:CI_Address/gmd:electronicMailAddress"
        _string(contact, mail, steward.email)
    _code(party, "gmd:role", "CI_RoleCode", "pointOfContact")


def _identification(data: ET.Element, layer: Description) -> None:
    citation = _below(data, "gmd:citation/gmd:CI_Citation")
    _text(citation, "gmd:title", layer.title)
    date = _below(citation, "gmd:date/gmd:CI_Date")
    _moment(date, "gmd:date", "gco:Date", layer.as_of)
    _code(date, "gmd:dateType", "CI_DateTypeCode", "revision")
    _text(data, "gmd:abstract", layer.abstract)
    _party(data, "gmd:pointOfContact", layer.steward)
    frequency = "gmd:resourceMaintenance/gmd:MD_MaintenanceInformation"
    often = f"{frequency}/gmd:maintenanceAndUpdateFrequency"
    _code(data, often, "MD_MaintenanceFrequencyCode", _FREQUENCIES[layer.cadence])
    keywords = _below(data, "gmd:descriptiveKeywords/gmd:MD_Keywords")
    for keyword in layer.keywords:
        _string(keywords, "gmd:keyword", keyword)
    _text(keywords, "gmd:keyword", layer.group)
    if str(layer.licence):
        legal = _below(data, "gmd:resourceConstraints/gmd:MD_LegalConstraints")
        _code(legal, "gmd:useConstraints", "MD_RestrictionCode", "otherRestrictions")
        _text(legal, "gmd:otherConstraints", layer.licence)
    kind = "MD_SpatialRepresentationTypeCode"
    _code(data, "gmd:spatialRepresentationType", kind, "vector")
    _code(data, "gmd:language", "LanguageCode", "chi")
    _leaf(data, "gmd:topicCategory/gmd:MD_TopicCategoryCode", layer.topic)
    _extent(data, layer)


def _extent(data: ET.Element, layer: Description) -> None:
    if not (layer.box or layer.begin):
        return
    extent = _below(data, "gmd:extent/gmd:EX_Extent")
    if layer.box:
        box = _below(extent, "gmd:geographicElement/gmd:EX_GeographicBoundingBox")
        west, south, east, north = (repr(degree) for degree in layer.box)
        sides = {"westBoundLongitude": west, "eastBoundLongitude": east}
        sides |= {"southBoundLatitude": south, "northBoundLatitude": north}
        for side, degree in sides.items():
            _leaf(box, f"gmd:{side}/gco:Decimal", degree)
    if layer.begin:
        path = "gmd:temporalElement/gmd:EX_TemporalExtent/gmd:extent/gml:TimePeriod"
        period = _below(extent, path)
        period.set(_name("gml:id"), "time")
        _leaf(period, "gml:beginPosition", layer.begin.isoformat())
        _below(period, "gml:endPosition").set("indeterminatePosition", "unknown")


def _distribution(root: ET.Element, layer: Description) -> None:
    distribution = _below(root, "gmd:distributionInfo/gmd:MD_Distribution")
    options = _below(distribution, "gmd:transferOptions/gmd:MD_DigitalTransferOptions")
    for way in layer.distributions:
        online = _below(options, "gmd:onLine/gmd:CI_OnlineResource")
        _leaf(online, "gmd:linkage/gmd:URL", way.url)
        _string(online, "gmd:protocol", f"WWW:LINK:{way.media_type}")
        _text(online, "gmd:name", way.title)


def _quality(root: ET.Element, layer: Description) -> None:
    if not str(layer.source):
        return
    quality = _below(root, "gmd:dataQualityInfo/gmd:DQ_DataQuality")
    _code(quality, "gmd:scope/gmd:DQ_Scope/gmd:level", "MD_ScopeCode", "dataset")
    _text(quality, "gmd:lineage/gmd:LI_Lineage/gmd:statement", layer.source)
