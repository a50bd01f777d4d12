package recon.mrd.format;

import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * An element of a small XML document: local name, own text, children in order. Read without document types and external
 * entities, no deeper than {@value #MAX_DEPTH} levels, and no more than {@value #MAX_ELEMENTS} of them.
 */
final class XmlElement {
    static final int MAX_DEPTH = 64;

    /** An element of four characters takes some hundred bytes of memory. */
    static final int MAX_ELEMENTS = 100_000;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final String name;
    private final StringBuilder text = new StringBuilder();
    private final List<XmlElement> children = new ArrayList<>();

    private XmlElement(String name) {
        this.name = name;
    }

    /** @param what is read, for errors */
    static XmlElement parse(String what, String xml) throws MrdException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        // Nobody asks for a namespace, and the parser takes time squared for the names that an element declares.
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
        try {
            String document = xml.startsWith(BYTE_ORDER_MARK) ? xml.substring(BYTE_ORDER_MARK.length()) : xml;
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(document));
            try {
                return read(what, reader);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            throw new MrdException(what + " is not well-formed: " + firstLine(e), e);
        }
    }

    private static XmlElement read(String what, XMLStreamReader reader) throws XMLStreamException, MrdException {
        Deque<XmlElement> open = new ArrayDeque<>();
        XmlElement root = null;
        int elements = 0;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.DTD ->
                    throw new MrdException(what + " has a document type, which is not allowed");
                case XMLStreamConstants.START_ELEMENT -> {
                    if (open.size() == MAX_DEPTH) {
                        throw new MrdException(what + " is nested deeper than " + MAX_DEPTH + " elements");
                    }
                    if (++elements > MAX_ELEMENTS) {
                        throw new MrdException(what + " has more than " + MAX_ELEMENTS + " elements");
                    }
                    XmlElement element = new XmlElement(withoutPrefix(reader.getLocalName()));
                    if (open.isEmpty()) {
                        root = element;
                    } else {
                        open.peek().children.add(element);
                    }
                    open.push(element);
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    if (!open.isEmpty()) {
                        open.peek().text.append(reader.getText());
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> open.pop();
                default -> {} // comments and processing instructions say nothing
            }
        }
        if (root == null) {
            throw new MrdException(what + " is empty");
        }
        return root;
    }

    private static String withoutPrefix(String name) {
        return name.substring(name.lastIndexOf(':') + 1);
    }

    private static String firstLine(XMLStreamException e) {
        return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    }

    String name() {
        return name;
    }

    String text() {
        return text.toString().strip();
    }

    /** With the blanks around it. */
    String wholeText() {
        return text.toString();
    }

    List<XmlElement> children(String childName) {
        return children.stream().filter(child -> child.name.equals(childName)).toList();
    }

    Optional<XmlElement> child(String childName) {
        return children.stream().filter(child -> child.name.equals(childName)).findFirst();
    }

    /** The text of a child; empty if there is no such child or it has no text. */
    Optional<String> value(String childName) {
        return child(childName).map(XmlElement::text).filter(value -> !value.isEmpty());
    }
}
